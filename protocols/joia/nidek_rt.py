"""RT: what a NIDEK RT-6100 found, and what other instruments told it."""

from collections.abc import Iterator
from typing import Any

from protocols.joia.keratometry import corneas
from protocols.joia.parts import Found
from protocols.joia.prisms import NAMES, prism
from protocols.joia.tonometry import pressures
from protocols.readings import Pachymetry, PachymetryEye, Pd, Stage, SubjectiveEye, SubjectiveRefraction
from protocols.xml import Element, Margin
from protocols.xml.optics import part, power, present
from protocols.xml.series import SIDES, eyes

STAGES: dict[str, Stage] = {
    "LM_Base": "lensmeter",
    "REF_Base": "autorefraction",
    "Full": "subjective",
    "Best": "final",
}
_VISION = {"Distant": "far", "Near": "near"}
_ACUITIES = {"va": "VA", "va_with_add": "ADDVA", "va_pinhole": "PHVA", "va_low_light": "LIVA"}
_EYE = ("Sphere", "Cylinder", "Axis", "SE", "ADD", "PD", *_ACUITIES.values(), *NAMES)
_BOTH = {**SIDES, "B": "both"}
_PASSED_ON = ("ReferenceInstance", "DiopterStep", "AxisStep", "CylinderMode", *SIDES)


def read(measure: Element) -> Iterator[Found]:
    """A reading for every correction that holds something, and one for each kind that was passed on."""
    rest = Margin()
    rest.keep_rest("", measure, ("Phoropter", "KM", "TM", "PACHY"))
    phoropter = measure.get("Phoropter")
    rest.keep_rest("Phoropter", phoropter, ("Corrected",))
    found = [*_corrections(phoropter, rest), *_passed_on(measure)]
    if found:
        found[0].margin.take(rest)
    yield from found


def _corrections(phoropter: Element | None, rest: Margin) -> Iterator[Found]:
    for one in phoropter.each("Corrected") if phoropter is not None else ():
        stage = STAGES.get(one.attribute("correctiontype"))
        if stage is not None:
            yield from _correction(one, stage)
        else:
            rest.keep_element("Phoropter/Corrected", one)
            rest.note("unknown_field", "The instrument sent a type of correction nobody has described; it is kept.")


def _correction(one: Element, stage: Stage) -> Iterator[Found]:
    margin = Margin()
    found = {side: eye for letter, side in _BOTH.items() if (eye := _eye(one.get(letter), letter, margin))}
    if not found:
        return
    vision, situation = one.attribute("vision"), one.attribute("situation")
    if vision not in _VISION:
        margin.keep("Corrected@Vision", vision)
    if situation not in ("", "Standard"):
        margin.keep("Corrected@Situation", situation)
    margin.keep_rest("", one, ("VD", "WorkingDistance", *_BOTH))
    top = present(
        distance=_VISION.get(vision),
        vertex_mm=margin.figure(one.get("VD"), "VD", "mm"),
        working_cm=margin.whole(one.get("WorkingDistance"), "WorkingDistance", "cm"),
        pd=_pd(one, "near" if vision == "Near" else "far", margin),
    )
    yield Found(SubjectiveRefraction, {"stage": stage} | top | found, margin)


def _eye(eye: Element | None, letter: str, margin: Margin) -> SubjectiveEye | None:
    if eye is None:
        return None
    margin.keep_rest(letter, eye, _EYE)
    acuities = {key: eye.said(name) or None for key, name in _ACUITIES.items()}
    add = margin.figure(eye.get("ADD"), f"{letter}/ADD", "D")
    keys = power(eye, letter, margin) | present(add=add, prism=prism(eye, letter, margin), **acuities)
    return part(SubjectiveEye, keys)


def _pd(one: Element, place: str, margin: Margin) -> Pd | None:
    names = {"B": place, "R": f"{place}_right", "L": f"{place}_left"}
    told = {key: margin.figure(one.at(f"{letter}/PD"), f"{letter}/PD", "mm") or None for letter, key in names.items()}
    return part(Pd, present(**told))


def _passed_on(measure: Element) -> Iterator[Found]:
    """Cornea, pressure and thickness, measured by others."""
    for name, read_block in (("KM", corneas), ("TM", pressures), ("PACHY", _thicknesses)):
        block, margin = measure.get(name), Margin()
        margin.note("passed_on", "The phoropter passes on what another instrument measured.")
        margin.keep_element(f"{name}/ReferenceInstance", block.get("ReferenceInstance") if block is not None else None)
        margin.keep_rest("", block, _PASSED_ON)
        yield from read_block(block, margin)


def _thicknesses(block: Element | None, margin: Margin) -> Iterator[Found]:
    def eye(element: Element, letter: str) -> PachymetryEye | None:
        tag = f"{letter}/Average/Thickness"
        keys: dict[str, Any] = present(cct_um=margin.figure(element.at("Average/Thickness"), tag, "um", "µm"))
        return part(PachymetryEye, keys)

    both = eyes(block, eye)
    if both:
        yield Found(Pachymetry, dict(both), margin)
