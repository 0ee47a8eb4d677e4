"""What a phoropter is given before a refraction: lensmeter and autorefraction values, made of readings.

    SOH *PC_SND_S EOT CR LF
    STX *Phoromat 2000|000000001|0 ETB CR LF
    STX *LM ETB CR LF   STX *SP| -0.25| 0.50| ETB CR LF   CY AX AD PH PV alike, left first   STX *AR …
    SOH *PC_SND_E EOT CR LF

The lines are those of the manual's example of the other direction (Rufus ``procedures.cpp`` @70a2597); that the same
are taken, and what stands for an eye that is not there, is known second-hand only (grade C). Nothing is answered.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from protocols.framing.presets import Preset, Unsendable
from protocols.readings import Autorefraction, Lensmetry, PrismComponent, Reading, SubjectiveRefraction

USUAL_MODEL = "Phoromat 2000"
_NUMBER = "000000001|0"  # as in the example; what it means is not told, so no patient's number is put there
_SIDES = ("left", "right")
_SECTIONS = {"lensmeter": "LM", "autorefraction": "AR"}
_PRISMS = {"PH": ("horizontal", "O"), "PV": ("vertical", "U")}
_LETTERS = {"in": "I", "out": "O", "up": "U", "down": "D"}
_STEP, _LARGEST = Decimal("0.01"), Decimal("99.99")


def preset(readings: Iterable[Reading], *, model: str = USUAL_MODEL) -> Preset:
    """The transmission for these readings; what the phoropter does not take is left out. Raises Unsendable.

    Values are sent as they are: nothing is rounded, transposed or filled in.
    """
    chosen = _chosen(readings)
    texts = [f"*{model}|{_NUMBER}", *_distances(chosen.values())]
    for name, reading in chosen.items():
        texts += [f"*{_SECTIONS[name]}", *_values(name, reading)]
    between = "".join(f"\x02{text}\x17\r\n" for text in texts)
    return Preset(f"\x01*PC_SND_S\x04\r\n{between}\x01*PC_SND_E\x04\r\n".encode("ascii"), tuple(chosen))


def _chosen(readings: Iterable[Reading]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for reading in readings:
        name = _section(reading)
        if name in found:
            raise Unsendable(f"there are two readings for the {name} values: choose one")
        if name:
            found[name] = reading
    if not found:
        raise Unsendable("there is nothing in it that the phoropter takes: lensmeter or autorefraction values")
    return {name: found[name] for name in _SECTIONS if name in found}


def _section(reading: Reading) -> str | None:
    match reading:
        case Lensmetry():
            return "lensmeter"
        case Autorefraction(condition="day" | None):
            return "autorefraction"
        case SubjectiveRefraction(stage="lensmeter" | "autorefraction" as stage, distance="far" | None):
            return stage
        case _:
            return None


def _distances(readings: Iterable[Any]) -> list[str]:
    """Halves only: a whole distance is never divided."""
    halves = {
        (one.pd.far_left, one.pd.far_right) for one in readings if one.pd and one.pd.far_left and one.pd.far_right
    }
    if len(halves) > 1:
        raise Unsendable("the readings disagree about the pupillary distance: choose one")
    return [f"*PD|{left}|{right}|" for left, right in halves]


def _values(name: str, reading: Any) -> Iterator[str]:
    eyes = [_eye(name, side, getattr(reading, side)) for side in _SIDES]
    if not any(eyes):
        raise Unsendable(f"there is no power of a right or left eye in the {name} values")
    for tag in ("SP", "CY", "AX", "AD"):
        texts = [eye.get(tag, "") for eye in eyes]
        if any(texts):
            yield f"*{tag}|{texts[0]}|{texts[1]}|"
    yield from _prisms(reading)


def _eye(name: str, side: str, eye: Any) -> dict[str, str]:
    """The fields of an eye by their tags; empty for one that is not there."""
    if eye is None or (eye.sphere is None and not getattr(eye, "readings", ())):
        return {}
    if eye.sphere is None:
        raise Unsendable(f"the {name} of the {side} eye has single readings but no value chosen from them")
    if eye.cylinder is None or (eye.axis is None and eye.cylinder):
        raise Unsendable(f"the {name} values of the {side} eye lack their cylinder or its axis")
    add = getattr(eye, "add", None)
    values = {"SP": _dioptres(eye.sphere), "CY": _dioptres(eye.cylinder), "AX": f"{eye.axis or 0:3}"}
    return values | ({"AD": _dioptres(add)} if add is not None else {})


def _dioptres(value: Decimal) -> str:
    """Blank for plus: five wide, and six with a minus, as in the example."""
    if not value.is_finite() or abs(value) > _LARGEST or value.quantize(_STEP) != value:
        raise Unsendable(f"the value {value} cannot be said in steps of 0.01 up to {_LARGEST}")
    return f"{value:6.2f}" if value < 0 else f"{abs(value):5.2f}"


def _prisms(reading: Any) -> Iterator[str]:
    prisms = [getattr(getattr(reading, side), "prism", None) for side in _SIDES]
    if any(prism is not None and prism.power is not None for prism in prisms):
        raise Unsendable("a polar prism cannot be put into this phoropter")
    for tag, (way, zero) in _PRISMS.items():
        components = [getattr(prism, way) if prism else None for prism in prisms]
        if any(components):
            yield f"*{tag}|{'|'.join(_fields(components, zero))}|"


def _fields(components: Sequence[PrismComponent | None], zero: str) -> Iterator[str]:
    for component in components:
        if component is None:
            yield "|"
        elif component.power < 0 or (component.base is None and component.power):
            raise Unsendable("a prism has no base")
        else:
            yield f"{_LETTERS[component.base] if component.base else zero}|{_dioptres(component.power)}"
