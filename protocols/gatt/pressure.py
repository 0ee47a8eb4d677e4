"""Blood Pressure 1810: 2A35 measurement, 2A36 intermediate cuff pressure, 2A49 features."""

from protocols.gatt.numbers import Number
from protocols.gatt.taking import Fields
from protocols.gatt.told import Told
from protocols.gatt.units import mmhg

STATUS = {0: "movement", 1: "cuff_loose", 2: "irregular_pulse", 5: "position"}
RANGE = {1: "pulse_above_range", 2: "pulse_below_range"}
FEATURES = ("movement", "cuff_fit", "irregular_pulse", "pulse_range", "position", "multiple_bond")
NAMES = ("systolic", "diastolic", "mean_arterial")


def measurement(raw: bytes) -> Told:
    """2A35. Raises Unread."""
    fields, told = Fields(raw), Told()
    flags = fields.u8()
    pressures = [fields.sfloat() for _ in NAMES]
    _pressures(told, pressures, kpa=bool(flags & 1))
    if flags & 2:
        told.at(fields.moment())
    if flags & 4:
        told.figure("pulse_bpm", fields.sfloat())
    if flags & 8:
        told.user(fields.u8())
    if flags & 16:
        _status(told, fields.u16())
    fields.done()
    return told


def cuff(raw: bytes) -> Number:
    """2A36: the pressure in the cuff now, in its own unit; never a measurement of a person. Raises Unread."""
    fields = Fields(raw)
    fields.u8()
    return fields.sfloat()


def features(raw: bytes) -> tuple[str, ...]:
    """2A49: what the cuff can tell. Raises Unread."""
    bits = Fields(raw).u16()
    return tuple(name for bit, name in enumerate(FEATURES) if bits >> bit & 1)


def _pressures(told: Told, pressures: list[Number], *, kpa: bool) -> None:
    for name, value in zip(NAMES, pressures, strict=True):
        if kpa:
            told.converted(f"{name}_mmhg", f"{name}_kpa", value, mmhg)
        else:
            told.figure(f"{name}_mmhg", value)


def _status(told: Told, status: int) -> None:
    told.flags(status, STATUS)
    if (where := status >> 3 & 3) in RANGE:
        told.doubts.append(RANGE[where])
