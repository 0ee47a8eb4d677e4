"""What a phoropter prints of what stood in it, item by item, and what its screen shows of the same."""

from collections.abc import Iterator
from typing import Any

from firmware_sim.nidek_rt.measured import SIDES, Refracted, StageMeasured
from firmware_sim.nidek_rt.speech import acuity, dioptres, millimetres, power
from firmware_sim.screens import power as shown

STAGES = {"lm": "lensmeter", "ar": "autorefraction", "subj": "subjective", "final": "final"}
PARTS = ("unaided", *STAGES)
EXTRAS = ("tests", "km", "nt")

# Source line, letters of the far and near powers, whether the other letters are upper case.
_WORDS = {
    "lensmeter": ("@LM", " ", "", True),
    "autorefraction": ("@RM", "O", "", True),
    "subjective": ("@RT", "f", "n", False),
    "final": ("@RT", "F", "N", True),
}


def lines(seen: Refracted, parts: tuple[str, ...], working_cm: int) -> Iterator[str]:
    """Everything asked for, in the order of the manual."""
    if "unaided" in parts:
        yield "@RT"
        yield from (f"W{letter}{acuity(text)}" for letter, text in seen.unaided.items())
    for part, name in STAGES.items():
        if part in parts:
            yield from _stage(name, seen)
    yield from _behind(seen, parts, working_cm)


def _stage(name: str, seen: Refracted) -> Iterator[str]:
    source, far, near, upper = _WORDS[name]
    stage = seen.stages()[name]
    yield source
    yield from (f"{far}{letter}{power(value)}" for letter, value in stage.powers.items())
    yield from (f"{near}{letter}{power(value)}" for letter, value in stage.near.items())
    yield from (_cased(f"A{letter}", upper) + dioptres(add) for letter, add in stage.adds.items())
    for letter, text in stage.acuities.items():
        yield _cased(f"V{letter}", upper) + acuity(text)
        yield _cased(f"U{letter}", upper) + acuity(text) + "  "
    if name != "lensmeter":
        yield _cased("PD", upper) + millimetres(seen.pd_mm, None, None)
    if stage.adds:
        yield _cased("Pd", upper) + millimetres(seen.near_pd_mm, None, None)


def _cased(tag: str, upper: bool) -> str:
    return tag if upper else tag[0].lower() + tag[1:]


def _behind(seen: Refracted, parts: tuple[str, ...], working_cm: int) -> Iterator[str]:
    if "tests" in parts:
        yield f"NA{dioptres(seen.nra_d)}      "
        yield f"PA{dioptres(seen.pra_d)}      "
    if "subj" in parts or "final" in parts:
        yield f"WD{working_cm}"
    if "km" in parts:
        yield "@KM"
        yield from (f"C{letter}{r1:5.2f}{r2:5.2f}{axis:3}" for letter, (r1, r2, axis) in seen.corneas.items())
    if "nt" in parts:
        yield "@NT"
        yield from (f"T{letter}{mmhg:4.1f}" for letter, mmhg in seen.pressures.items())


def screen(seen: Refracted, parts: tuple[str, ...], working_cm: int) -> Iterator[dict[str, Any]]:
    """The same as a person reads it."""
    if "unaided" in parts:
        eyes = {SIDES[letter]: {"va": text} for letter, text in seen.unaided.items()}
        yield {"kind": "subjective_refraction", "stage": "unaided"} | eyes
    for part, name in STAGES.items():
        if part in parts:
            yield from _stage_shown(name, seen, working_cm)
    yield from _others_shown(seen, parts)


def _stage_shown(name: str, seen: Refracted, working_cm: int) -> Iterator[dict[str, Any]]:
    stage = seen.stages()[name]
    top: dict[str, Any] = {"kind": "subjective_refraction", "stage": name}
    top |= {"working_cm": working_cm} if name in ("subjective", "final") else {}
    pd = {"far": str(seen.pd_mm)} if name != "lensmeter" else {}
    pd |= {"near": str(seen.near_pd_mm)} if stage.adds else {}
    eyes = {SIDES[letter]: _eye(stage, letter) for letter in stage.powers}
    yield top | {"distance": "far"} | ({"pd": pd} if pd else {}) | eyes
    if stage.near:
        yield top | {"distance": "near"} | {SIDES[letter]: shown(value) for letter, value in stage.near.items()}


def _eye(stage: StageMeasured, letter: str) -> dict[str, Any]:
    eye = shown(stage.powers[letter])
    eye |= {"add": str(stage.adds[letter])} if letter in stage.adds else {}
    return eye | ({"va": stage.acuities[letter]} if letter in stage.acuities else {})


def _others_shown(seen: Refracted, parts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if "tests" in parts:
        tests = [
            {"name": name, "values": {"blur": str(value)}, "unit": "D"}
            for name, value in (("nra", seen.nra_d), ("pra", seen.pra_d))
        ]
        yield {"kind": "binocular_vision", "tests": tests}
    if "km" in parts:
        yield {"kind": "keratometry"} | {
            SIDES[letter]: {"r1": {"radius_mm": str(r1), "axis": axis}, "r2": {"radius_mm": str(r2)}}
            for letter, (r1, r2, axis) in seen.corneas.items()
        }
    if "nt" in parts:
        yield {"kind": "tonometry"} | {SIDES[letter]: {"iop_mmhg": str(one)} for letter, one in seen.pressures.items()}
