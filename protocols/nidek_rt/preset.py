"""What a phoropter is given before a refraction: lensmeter and autorefractor values, made of readings.

    SOH [DRL STX ID<12> ETB]  DRM STX OR<sca> ETB OL<sca> ETB PD<2> ETB
        DLM STX R<sca> ETB L<sca> ETB AR<6> ETB AL<6> ETB PR<6> … PL<6> … PD<2> ETB  EOT

NIDEK takes nothing else from a computer: subjective and final values cannot be preset, so that the prescription of
an earlier visit goes in as the lensmeter's, where the operator finds it under IN + LM. RT-5100 RS-232C Interface
Manual MRT10*RTZ001J/E section 7; zero padding as printed there.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from protocols.framing.presets import Preset, Unsendable
from protocols.nidek_rt.grammar import EOT, ETB, SOH, STX
from protocols.readings import Autorefraction, Lensmetry, Prism, PrismComponent, Reading, SubjectiveRefraction

ID_LENGTH = 12
LARGEST = Decimal("99.99")  # what two digits before the point can say; the unit's own range is not told

_HEADERS = {
    ("autorefraction", "day"): "DRM",
    ("autorefraction", "night"): "Drm",
    ("lensmeter", "day"): "DLM",
    ("lensmeter", "night"): "Dlm",
}
_STAGES = {
    "autorefraction": "autorefraction",
    "lensmeter": "lensmeter",
    "previous": "lensmeter",
    "final": "lensmeter",
}
_TAGS = {"autorefraction": ("OR", "OL"), "lensmeter": (" R", " L")}
_SIDES = {"right": "R", "left": "L"}
_BASES = {"in": "I", "out": "O", "up": "U", "down": "D"}
_STEP = Decimal("0.01")


Slot = tuple[str, str]


def preset(readings: Iterable[Reading], *, patient_id: str = "", with_id: bool = True) -> Preset:
    """The transmission for these readings; what NIDEK does not take is left out. Raises Unsendable.

    ``with_id=False`` leaves the patient's block out, which an RT-2100 does not know. Values are sent as they are:
    nothing is rounded, transposed or filled in.
    """
    slots = _slots(readings)
    blocks = [_block(header, _lines(slot[0], slots[slot])) for slot, header in _HEADERS.items() if slot in slots]
    heading = [_block("DRL", [f"ID{_patient(patient_id)}"])] if with_id else []
    kinds = {kind for kind, _ in slots}
    return Preset(
        SOH + b"".join([*heading, *blocks]) + EOT,
        tuple(kind for kind in ("lensmeter", "autorefraction") if kind in kinds),
    )


def _slots(readings: Iterable[Reading]) -> dict[Slot, Any]:
    slots: dict[Slot, Any] = {}
    for reading in readings:
        slot = _slot(reading)
        if slot is None:
            continue
        if slot in slots:
            raise Unsendable(f"there are two readings for the {slot[0]} values by {slot[1]}: choose one")
        slots[slot] = reading
    if not slots:
        raise Unsendable("there is nothing in it that the phoropter takes: lensmeter or autorefraction values")
    return slots


def _slot(reading: Reading) -> Slot | None:
    match reading:
        case Lensmetry():
            return "lensmeter", "day"
        case Autorefraction():
            return "autorefraction", reading.condition or "day"
        case SubjectiveRefraction(distance="far" | None) if reading.stage in _STAGES:
            return _STAGES[reading.stage], reading.light or "day"
        case _:
            return None


def _block(header: str, lines: Iterable[str]) -> bytes:
    return header.encode("ascii") + STX + b"".join(line.encode("ascii") + ETB for line in lines)


def _lines(kind: str, reading: Any) -> list[str]:
    eyes = {side: eye for side in _SIDES if (eye := getattr(reading, side)) is not None and _measured(eye)}
    if not eyes:
        raise Unsendable(_why_no_eye(kind, reading))
    lines = [
        tag + _power(kind, side, eyes[side]) for tag, side in zip(_TAGS[kind], _SIDES, strict=True) if side in eyes
    ]
    if kind == "lensmeter":
        lines += [f"A{_SIDES[side]}{_add(side, eye.add)}" for side, eye in eyes.items() if eye.add is not None]
        lines += [line for side, eye in eyes.items() if eye.prism for line in _prism(side, eye.prism)]
    return lines + _distance(kind, reading)


def _measured(eye: Any) -> bool:
    """An eye of which there is a power, or a series of which the instrument chose none: that one is refused."""
    return eye.sphere is not None or bool(getattr(eye, "readings", ()))


def _why_no_eye(kind: str, reading: Any) -> str:
    if getattr(reading, "single", None) is not None:
        return "the lensmeter values are of one lens of which nobody said whether it is right or left"
    return f"there is no power of either eye in the {kind} values"


def _power(kind: str, side: str, eye: Any) -> str:
    if eye.sphere is None:
        raise Unsendable(f"the {kind} of the {side} eye has single readings but no value chosen from them")
    if eye.cylinder is None or (eye.axis is None and eye.cylinder):
        raise Unsendable(f"the {kind} values of the {side} eye lack their cylinder or its axis")
    axis = eye.axis or 0
    if not 0 <= axis <= 180:
        raise Unsendable(f"the axis {axis} of the {side} eye is not between 0 and 180")
    sphere, cylinder = (_dioptres(value, f"of the {side} eye") for value in (eye.sphere, eye.cylinder))
    return f"{sphere}{cylinder}{axis:03}"


def _add(side: str, add: Decimal) -> str:
    return _dioptres(add, f"(addition) of the {side} eye")


def _dioptres(value: Decimal, whose: str) -> str:
    """Polarity, two digits, point, two digits; the sign of a zero stays."""
    return ("-" if value.is_signed() else "+") + _digits(value, whose)


def _digits(value: Decimal, whose: str) -> str:
    if not value.is_finite() or abs(value) > LARGEST:
        raise Unsendable(f"the value {value} {whose} is out of range")
    exact = abs(value).quantize(_STEP)
    if exact != abs(value):
        raise Unsendable(f"the value {value} {whose} is finer than the 0.01 that the phoropter takes")
    return f"{exact:05.2f}"


def _prism(side: str, prism: Prism) -> Iterator[str]:
    """Horizontal, then vertical; or polar, as it was received."""
    for component, zero in ((prism.horizontal, "I"), (prism.vertical, "U")):
        if component is not None:
            yield f"P{_SIDES[side]}{_component(side, component, zero)}"
    if prism.power is not None and prism.horizontal is None and prism.vertical is None:
        yield from _polar(side, prism)


def _component(side: str, component: PrismComponent, zero: str) -> str:
    if component.base is None and component.power:
        raise Unsendable(f"the prism of the {side} eye has no base")
    base = zero if component.base is None else _BASES[component.base]
    return _unsigned(side, component.power) + base


def _polar(side: str, prism: Prism) -> Iterator[str]:
    if prism.power is None or prism.base_deg is None or not 0 <= prism.base_deg <= 360:
        raise Unsendable(f"the prism of the {side} eye has no base")
    yield f"P{_SIDES[side]}{_unsigned(side, prism.power)}"
    yield f"B{_SIDES[side]}{prism.base_deg:03}"


def _unsigned(side: str, power: Decimal) -> str:
    if power.is_signed() and power:
        raise Unsendable(f"the prism of the {side} eye is negative: its base is not known")
    return _digits(power, f"(prism) of the {side} eye")


def _distance(kind: str, reading: Any) -> list[str]:
    far = reading.pd.far if reading.pd else None
    if far is None:
        return []
    if far != far.to_integral_value() or not 10 <= far <= 99:
        raise Unsendable(f"the pupillary distance {far} of the {kind} values is not a whole number of millimetres")
    return [f"PD{int(far):02}"]


def _patient(number: str) -> str:
    if len(number) > ID_LENGTH:
        raise Unsendable(f"the patient's number has more than {ID_LENGTH} characters")
    if not (number.isascii() and number.isprintable()):
        raise Unsendable("the patient's number has characters that the phoropter does not know")
    return number.rjust(ID_LENGTH)
