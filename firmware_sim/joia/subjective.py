"""SBJ: what stood in a Topcon phoropter."""

from decimal import Decimal
from typing import Any

from firmware_sim.joia.optics import EyeSeen, Seen
from firmware_sim.joia.speech import Spoken
from firmware_sim.markup import Lines
from firmware_sim.screens import power

SBJ = Spoken("nsSBJ:")
STAGES = {"Prescription": "final", "Full Correction": "subjective", "Unaided Data": "unaided"}
_SHOWN = {stage: name for name, stage in STAGES.items()}
_BLANK = ("HPri", "HBase", "VPri", "VBase", "Prism", "Angle")


def refraction_test(
    seen: Seen, types: tuple[str, ...], *, unit: str = "prism", blanks: bool = False, comma: bool = False
) -> Lines:
    """Each type at far and at near; the near sphere is the total. ``blanks`` writes empty forms of acuities out."""
    style = _Style(unit, blanks, comma)
    numbered = [_type(seen, name, at, style) for at, name in enumerate(types, 1)]
    return SBJ.node("RefractionTest", *numbered)


class _Style:
    def __init__(self, unit: str, blanks: bool, comma: bool) -> None:
        self.unit, self.blanks, self.comma = unit, blanks, comma

    def figure(self, value: object) -> str:
        return str(value).replace(".", "," if self.comma else ".")


def _type(seen: Seen, name: str, at: int, style: _Style) -> Lines:
    exams = [_exam(seen, 1, "500.000", near=False, style=style), _exam(seen, 2, "33.000", near=True, style=style)]
    return SBJ.node("Type", SBJ.leaf("TypeName", name), *exams, marks=f'No="{at}"')


def _exam(seen: Seen, number: int, distance: str, *, near: bool, style: _Style) -> Lines:
    eyes = [_eye(letter, eye, near, style) for letter, _, eye in seen.eyes()]
    acuities = {letter: "" if near else style.figure(eye.acuity) for letter, _, eye in seen.eyes()} | {"B": ""}
    va = SBJ.node("VA", *(SBJ.leaf(letter, said, "Decimal") for letter, said in acuities.items()))
    return SBJ.node(
        "ExamDistance",
        SBJ.leaf("Distance", style.figure(distance), "cm"),
        SBJ.node("RefractionData", *eyes, SBJ.leaf("VD", style.figure("13.75"), "mm")),
        va,
        *(_forms() if style.blanks else []),
        _pd(seen, style),
        marks=f'No="{number}"',
    )


def _eye(letter: str, eye: EyeSeen, near: bool, style: _Style) -> Lines:
    sphere = eye.near_sphere if near else eye.chart.sphere
    units = {"HPri": style.unit, "VPri": style.unit, "Prism": style.unit, "Angle": "deg"}
    return SBJ.node(
        letter,
        SBJ.leaf("Sph", style.figure(sphere), "D"),
        SBJ.leaf("Cyl", style.figure(eye.chart.cylinder), "D"),
        SBJ.leaf("Axis", eye.chart.axis, "deg"),
        *(SBJ.leaf(name, "", units.get(name, "")) for name in _BLANK),
    )


def _forms() -> list[Lines]:
    empty = [SBJ.leaf(letter, "", "Decimal") for letter in "RLB"]
    rates = [
        SBJ.node("Rate", SBJ.leaf("RateValue", rate, "%"), *empty, marks=f'No="{at}"')
        for at, rate in enumerate(("2.5", "25.0", "100.0"), 1)
    ]
    glare = SBJ.node("Type", SBJ.leaf("GlareType"), *empty, marks='No="1"')
    return [SBJ.node("ContrastVA", *rates), SBJ.node("GlareVA", glare)]


def _pd(seen: Seen, style: _Style) -> Lines:
    half = style.figure((seen.pd_mm / 2).quantize(Decimal("0.01"))) if seen.pd_mm else ""
    whole = style.figure(f"{seen.pd_mm}.00") if seen.pd_mm else ""
    return SBJ.node("PD", SBJ.leaf("R", half, "mm"), SBJ.leaf("L", half, "mm"), SBJ.leaf("B", whole, "mm"))


def shown_refractions(seen: Seen, stages: tuple[str, ...]) -> list[dict[str, Any]]:
    """Far with acuity, and near with the total sphere."""
    far = {side: power(eye.chart) | {"va": eye.acuity} for _, side, eye in seen.eyes()}
    near = {side: power(eye.chart) | {"sphere": str(eye.near_sphere)} for _, side, eye in seen.eyes()}
    top = {"kind": "subjective_refraction", "vertex_mm": "13.75"}
    return [
        top | {"stage": stage, "distance": distance} | eyes
        for stage in stages
        for distance, eyes in (("far", far), ("near", near))
    ]
