"""Where powers go: autorefraction, glasses, manifest refraction, and what a phoropter passes on of others."""

from collections.abc import Callable, Iterator
from typing import Any

from cloud.clinic.choices import Side
from cloud.clinic.proposals.said import Said, eyes, figures, instrument, plain
from protocols.readings import (
    Autorefraction,
    Lensmetry,
    Pd,
    Power,
    Prism,
    PrismComponent,
    Reading,
    SubjectiveEye,
    SubjectiveRefraction,
)

_BASES = {"in": "BI", "out": "BO", "up": "BU", "down": "BD"}
# Stages that the phoropter did not measure but was sent.
PASSED_ON = {"lensmeter": "glasses", "autorefraction": "autorefraction"}
# What was refined behind the phoropter is a manifest refraction. Even its "final" stage is no prescription: that is
# a clinician's decision, made from it and pointing at it.
_MEASURED = {"subjective": "manifest", "final": "manifest", "trial": "trial_frame"}


def power(element: str, side: Side, eye: Power) -> Iterator[Said]:
    """Sphere, cylinder and axis of the representative value."""
    return figures(element, side, {"sphere": eye.sphere, "cylinder": eye.cylinder, "axis": eye.axis})


def autorefraction(reading: Autorefraction) -> Iterator[Said]:
    """The representative values; every raw measurement stays in the reading."""
    for side, eye in eyes(reading):
        yield from power("autorefraction", side, eye)
        yield from figures("autorefraction", side, {"confidence": eye.confidence, "pupil_mm": eye.pupil_mm})
    cycloplegic = None if reading.cycloplegic is None else "yes" if reading.cycloplegic else "no"
    about = {"cycloplegic": cycloplegic, "condition": reading.condition, "vertex": reading.vertex_mm}
    yield from plain("autorefraction", {**about, "pd_far": reading.pd.far if reading.pd else None})
    yield from plain("autorefraction", {"instrument": instrument(reading)})
    yield from _pupils(reading.pd, "autorefractor")


def _pupils(pd: Pd | None, method: str | None) -> Iterator[Said]:
    """Distances of each eye from the nose; the whole distance alone stays beside the powers it was printed with."""
    if pd is None or (pd.far_right is None and pd.far_left is None and pd.near is None):
        return
    names = ("far", "far_right", "far_left", "near", "near_right", "near_left")
    yield from plain("pd", {name: getattr(pd, name) for name in names})
    yield from plain("pd", {"method": method})


def lensmetry(reading: Lensmetry) -> Iterator[Said]:
    """A pair of glasses; a lens of which nobody knows the eye waits for a side (``Side.NONE``)."""
    lenses = [*eyes(reading), *([(Side.NONE, reading.single)] if reading.single else [])]
    for side, lens in lenses:
        yield from power("glasses", side, lens)
        yield from figures("glasses", side, {"add": lens.add, "prism": prism(lens.prism)})
    yield from plain("glasses", {"pd_far": reading.pd.far if reading.pd else None, "source": "lensmeter"})


def prism(said: Prism | None) -> str | None:
    """``2.00 BI 1.00 BU`` or ``3.00 @ 37``; nothing where the base is not told."""
    if said is None:
        return None
    if said.power is not None and said.base_deg is not None:
        return f"{said.power:f} @ {said.base_deg}"
    parts = [_component(part) for part in (said.horizontal, said.vertical) if part is not None and part.base]
    return " ".join(parts) or None


def _component(part: PrismComponent) -> str:
    return f"{part.power:f} {_BASES[part.base or 'in']}"


def subjective(reading: SubjectiveRefraction) -> Iterator[Said]:
    """One stage of a phoropter; near powers are totals, of which only add and acuity have a place of their own."""
    if reading.stage == "unaided":
        return _acuities(reading, "unaided")
    if reading.distance == "near":
        return _near(reading) if reading.stage in _MEASURED else iter(())
    element = _MEASURED.get(reading.stage) or PASSED_ON.get(reading.stage)
    return _stage(reading, element) if element else iter(())


def _stage(reading: SubjectiveRefraction, element: str) -> Iterator[Said]:
    for side, eye in eyes(reading):
        if side is not Side.BOTH:
            yield from power(element, side, eye)
        yield from _beside(element, side, eye)
    if element != "glasses":
        yield from plain(element, {"vertex": reading.vertex_mm})
    if element == "autorefraction":
        yield from plain(element, {"instrument": instrument(reading)})
    if element == "manifest":
        yield from _pupils(reading.pd, None)


def _beside(element: str, side: Side, eye: SubjectiveEye) -> Iterator[Said]:
    """Add, prism and acuity; an autorefraction has none of them."""
    if element == "autorefraction":
        return
    if side is not Side.BOTH:
        yield from figures(element, side, {"add": eye.add, "prism": prism(eye.prism)})
    yield from figures(element, side, {"va": eye.va, "near_va": eye.va_with_add})
    yield from figures("visual_acuity", side, {"distance_pinhole": eye.va_pinhole})


def _near(reading: SubjectiveRefraction) -> Iterator[Said]:
    for side, eye in eyes(reading):
        if side is not Side.BOTH:
            yield from figures("near", side, {"add": eye.add})
        yield from figures("near", side, {"near_va": eye.va_with_add or eye.va})
    yield from plain("near", {"working_distance_cm": reading.working_cm})


def _acuities(reading: SubjectiveRefraction, correction: str) -> Iterator[Said]:
    where = "near" if reading.distance == "near" else "distance"
    for side, eye in eyes(reading):
        yield from figures("visual_acuity", side, {f"{where}_{correction}": eye.va})


Map = Callable[[Any], Iterator[Said]]
MAPS: dict[type[Reading], Map] = {
    Autorefraction: autorefraction,
    Lensmetry: lensmetry,
    SubjectiveRefraction: subjective,
}
