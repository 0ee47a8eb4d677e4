"""Every model of the family as far as its print-outs differ: by what it measures and how it names itself."""

from datetime import datetime

from firmware_sim.nidek_frame.autorefractor import BothMeasured, cornea, day, heading, pd, sizes
from firmware_sim.nidek_frame.lensmeter import LM600P
from firmware_sim.nidek_frame.speech import block, transmission
from firmware_sim.nidek_frame.tonoref import TONOREF3, TonoEyeMeasured, pressure, thickness
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

PRESSED = datetime(2024, 2, 5, 14, 7)


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What a model that measures these kinds says at a press of Print, without being asked."""
    if kinds == ("lensmetry",):
        return _spectacles(model)
    seen = TONOREF3(null_modem()[0], seed=model)._look(Patient.by_chance_of(model))
    wanted = [kind for kind in _BLOCKS if kind in kinds]
    return transmission([_BLOCKS[kind](model, seen, first=kind == wanted[0]) for kind in wanted], cr=False)


def _spectacles(model: str) -> bytes:
    kind = type(model, (LM600P,), {"name": model})
    lensmeter: LM600P = kind(null_modem()[0], seed=model, mode="NCP10")
    return lensmeter._say(lensmeter._look(Patient.by_chance_of(model)), 1, PRESSED)


def _refraction(model: str, seen: BothMeasured, *, first: bool) -> bytes:
    return block("DRM", [*heading(model, "0001", PRESSED, 40), *day(seen), *pd(seen, 40)], cr=False)


def _cornea(model: str, seen: BothMeasured, *, first: bool) -> bytes:
    series = [(letter, eye.cornea) for letter, eye in seen.eyes()]
    return block("DKM", [*cornea(series), *sizes(seen)], cr=False)


def _pressure(model: str, seen: BothMeasured, *, first: bool) -> bytes:
    top = heading(model, "0001", PRESSED, 40)[:3] if first else []
    return block("DNT", [*top, *(pressure(letter, eye) for letter, eye in _eyes(seen))], cr=False)


def _thickness(model: str, seen: BothMeasured, *, first: bool) -> bytes:
    return block("DPM", [thickness(letter, eye) for letter, eye in _eyes(seen)], cr=False)


def _eyes(seen: BothMeasured) -> list[tuple[str, TonoEyeMeasured]]:
    return [(letter, eye) for letter, eye in seen.eyes() if isinstance(eye, TonoEyeMeasured)]


_BLOCKS = {
    "autorefraction": _refraction,
    "keratometry": _cornea,
    "tonometry": _pressure,
    "pachymetry": _thickness,
}
