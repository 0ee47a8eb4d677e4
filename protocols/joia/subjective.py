"""SBJ (PHOR in ISO 22218): what stood in the phoropter, by type and distance; the type is told by its name."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from protocols.joia import us21
from protocols.joia.parts import Found
from protocols.joia.prisms import NAMES, prism
from protocols.readings import BinocularVision, Pd, Stage, SubjectiveEye, SubjectiveRefraction
from protocols.xml import Element, Margin
from protocols.xml.optics import part, power, present
from protocols.xml.series import SIDES

BLOCKS = ("RefractionTest", "BinoVisionTest", "US21test")
STAGES: dict[str, Stage] = {
    "prescription": "final",
    "full correction": "subjective",
    "unaided data": "unaided",
    "objective data": "autorefraction",
    "current spectacles": "lensmeter",
    "last prescription": "previous",
}
_FAR_CM, _NEAR_CM = 300, 100  # far is 500 or 600, near 33 to 67
_EYE = ("Sph", "Cyl", "Axis", "ADD", *NAMES)
_EXAM = ("Distance", "RefractionData", "VA", "PD", "ContrastVA", "GlareVA")
_BOTH = {**SIDES, "B": "both"}
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")  # the locale of the phoropter's PC


def read(measure: Element) -> Iterator[Found]:
    """A reading for every type and distance at which something was found, and one of the binocular tests."""
    rest = Margin()
    rest.keep_rest("", measure, BLOCKS)
    rest.keep_element("BinoVisionTest", measure.get("BinoVisionTest"))
    found = [*_refractions(measure, rest), *_binocular(measure, rest)]
    for at, one in enumerate(found):
        if at == 0:
            one.margin.take(rest)
        yield one


def _refractions(measure: Element, rest: Margin) -> Iterator[Found]:
    test = measure.get("RefractionTest")
    for kind in test.each("Type") if test is not None else ():
        stage = STAGES.get(kind.said("TypeName").lower())
        if stage is None:
            rest.keep_element("RefractionTest/Type", kind)
            rest.note("unknown_field", "The instrument sent a type of refraction nobody has described; it is kept.")
            continue
        exams = list(kind.each("ExamDistance"))
        for exam in exams:
            yield from _exam(exam, stage, exams[0])


def _exam(exam: Element, stage: Stage, first: Element) -> Iterator[Found]:
    """One distance. Where no power, no prism and no acuity stands, the rest is only the phoropter's setting."""
    margin = Margin()
    data = exam.get("RefractionData")
    eyes = {side: _eye(exam, data, letter, margin) for letter, side in _BOTH.items()}
    found = {side: SubjectiveEye(**keys) for side, keys in eyes.items() if keys}
    if not found:
        return
    where = _where(margin.figure(exam.get("Distance"), "Distance", "cm"))
    _acuities(exam, margin)
    margin.keep_rest("", exam, _EXAM)
    vertex = margin.figure(data.get("VD"), "VD", "mm") if data is not None else None
    top = {"stage": stage} | where | present(vertex_mm=vertex, pd=_pd(exam, where.get("distance"), first, margin))
    yield Found(SubjectiveRefraction, top | found, margin)


def _eye(exam: Element, data: Element | None, letter: str, margin: Margin) -> dict[str, Any]:
    va = present(va=_DECIMAL_COMMA.sub(".", exam.said(f"VA/{letter}")) or None)
    eye = data.get(letter) if data is not None else None
    if eye is None:
        return va
    margin.keep_rest(letter, eye, _EYE)
    add = margin.figure(eye.get("ADD"), f"{letter}/ADD", "D")
    return power(eye, letter, margin) | present(add=add, prism=prism(eye, letter, margin)) | va


def _where(centimetres: Decimal | None) -> dict[str, Any]:
    """Far, near or between; nothing where no distance was said."""
    if not centimetres:
        return {}
    distance = "far" if centimetres >= _FAR_CM else "near" if centimetres <= _NEAR_CM else None
    return present(distance=distance, distance_cm=centimetres)


def _acuities(exam: Element, margin: Margin) -> None:
    """Acuity at low contrast and under glare has no key yet; blank forms are written out by some units."""
    for name, entry in (("ContrastVA", "Rate"), ("GlareVA", "Type")):
        block = exam.get(name)
        for one in block.each(entry) if block is not None else ():
            if any(one.said(letter) for letter in _BOTH):
                margin.keep(name, one.outline())
    units = {unit for letter in _BOTH if exam.said(f"VA/{letter}") and (unit := _unit(exam, letter))}
    for unit in sorted(units):
        margin.keep("VA@unit", unit)


def _unit(exam: Element, letter: str) -> str:
    found = exam.at(f"VA/{letter}")
    return found.attribute("unit") if found is not None else ""


def _pd(exam: Element, distance: str | None, first: Element, margin: Margin) -> Pd | None:
    """Beside the refraction, not in it; zero is none, and the far distance said again at near was not measured."""
    place = "near" if distance == "near" else "far"
    said = {letter: exam.said(f"PD/{letter}") for letter in _BOTH}
    if (
        exam is not first
        and place == "near"
        and any(said.values())
        and said == {letter: first.said(f"PD/{letter}") for letter in _BOTH}
    ):
        margin.keep_element("PD", exam.get("PD"))
        return None
    names = {"B": place, "R": f"{place}_right", "L": f"{place}_left"}
    told = {key: margin.figure(exam.at(f"PD/{letter}"), f"PD/{letter}", "mm") or None for letter, key in names.items()}
    return part(Pd, present(**told))


def _binocular(measure: Element, rest: Margin) -> Iterator[Found]:
    margin = Margin()
    tests = us21.tests(measure.get("US21test"), margin)
    if tests:
        yield Found(BinocularVision, {"tests": tests}, margin)
    else:
        rest.take(margin)
