"""Glucose 1808: 2A18 measurement and 2A34 what the person ate, did and took around it."""

from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.gatt.numbers import NoValue, Number
from protocols.gatt.taking import Fields
from protocols.gatt.told import Told

SAMPLES = {
    1: "capillary_whole_blood",
    2: "capillary_plasma",
    3: "venous_whole_blood",
    4: "venous_plasma",
    5: "arterial_whole_blood",
    6: "arterial_plasma",
    7: "undetermined_whole_blood",
    8: "undetermined_plasma",
    9: "interstitial_fluid",
    10: "control_solution",
}
PLACES = {1: "finger", 2: "alternate_site", 3: "earlobe", 4: "control_solution"}
STATUS = {
    0: "battery_low",
    1: "sensor_malfunction",
    2: "sample_too_small",
    3: "strip_insertion",
    4: "strip_wrong",
    5: "above_range",
    6: "below_range",
    7: "too_warm",
    8: "too_cold",
    9: "strip_pulled",
    10: "device_fault",
    11: "time_fault",
}
MEALS = {1: "before_meal", 2: "after_meal", 3: "fasting", 4: "casual", 5: "bedtime"}
CARBOHYDRATES = {1: "breakfast", 2: "lunch", 3: "dinner", 4: "snack", 5: "drink", 6: "supper", 7: "brunch"}
TESTERS = {1: "self", 2: "professional", 3: "laboratory"}
HEALTH = {1: "minor", 2: "major", 3: "menses", 4: "stress", 5: "none"}


def sequence(raw: bytes) -> int:
    """The number of the record in the meter, of a measurement or its context. Raises Unread."""
    fields = Fields(raw)
    fields.u8()
    return fields.u16()


def wants_context(raw: bytes) -> bool:
    """Whether a context follows."""
    return bool(raw[:1] and raw[0] & 16)


def measurement(raw: bytes, context: bytes | None = None) -> Told:
    """2A18, with 2A34 where it came. Raises Unread."""
    fields, told = Fields(raw), Told()
    flags = fields.u8()
    told.extra["sequence"] = number = fields.u16()
    moment = fields.moment()
    told.at(moment, fields.s16() if flags & 1 else 0)
    if flags & 2:
        _concentration(told, fields.sfloat(), fields.u8(), moles=bool(flags & 4))
    if flags & 8:
        told.flags(fields.u16(), STATUS)
    fields.done()
    if context is not None:
        told.extra["context"] = _context(told, context, number)
    return told


def _concentration(told: Told, value: Number, what: int, *, moles: bool) -> None:
    """kg/L times 100 000 is mg/dL, mol/L times 1000 is mmol/L; a control solution is nobody's blood."""
    kind, place = SAMPLES.get(what & 15), PLACES.get(what >> 4)
    told.extra |= {key: word for key, word in (("sample", kind), ("site", place)) if word}
    key, factor = ("glucose_mmol_l", 3) if moles else ("glucose_mg_dl", 5)
    scaled = value if isinstance(value, NoValue) else _plain(value.scaleb(factor))
    if "control_solution" in (kind, place):
        told.doubts.append("control_solution")
        told.note("control_solution", "The meter measured its control solution, not a person.")
        told.other(f"control_{key}", scaled)
    else:
        told.figure(key, scaled)


def _context(told: Told, raw: bytes, number: int) -> dict[str, Any]:
    fields = Fields(raw)
    flags = fields.u8()
    if fields.u16() != number:
        raise Unread("The context belongs to another measurement.")
    if flags & 128:
        fields.u8()
    found: dict[str, Any] = {}
    if flags & 1:
        found["carbohydrate"] = CARBOHYDRATES.get(fields.u8())
        found["carbohydrate_g"] = _scaled(told, "carbohydrate_g", fields.sfloat(), 3)
    if flags & 2:
        found["meal"] = MEALS.get(fields.u8())
    if flags & 4:
        who = fields.u8()
        found |= {"tester": TESTERS.get(who & 15), "health": HEALTH.get(who >> 4)}
    if flags & 8:
        found |= {"exercise_s": fields.u16(), "exercise_percent": fields.u8()}
    if flags & 16:
        unit = ("medication_mg", 6) if not flags & 32 else ("medication_ml", 3)
        found["medication"] = fields.u8()
        found[unit[0]] = _scaled(told, unit[0], fields.sfloat(), unit[1])
    if flags & 64:
        found["hba1c_percent"] = _scaled(told, "hba1c_percent", fields.sfloat(), 0)
    fields.done()
    return {key: value for key, value in found.items() if value is not None}


def _scaled(told: Told, key: str, number: Number, power: int) -> str | None:
    value = told.number(key, number if isinstance(number, NoValue) else _plain(number.scaleb(power)))
    return None if value is None else f"{value:f}"


def _plain(number: Decimal) -> Decimal:
    """Without a power of ten in its text."""
    return Decimal(f"{number:f}")
