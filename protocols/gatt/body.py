"""Weight Scale 2A9D, Health Thermometer 2A1C, Pulse Oximeter 2A5E and 2A5F, Battery Level 2A19."""

from decimal import Decimal

from protocols.framing import Unread
from protocols.gatt.taking import Fields
from protocols.gatt.told import Told
from protocols.gatt.units import celsius

# Exact by definition (international yard and pound, 1959).
LB_KG, INCH_M = Decimal("0.45359237"), Decimal("0.0254")
SITES = ("armpit", "body", "ear", "finger", "gastro_intestinal", "mouth", "rectum", "toe", "tympanum")
OXIMETER_STATUS = {
    5: "still_measuring",
    6: "early_estimate",
    10: "demonstration",
    11: "testing",
    12: "calibrating",
    14: "questionable",
    15: "invalid",
}
SENSOR_STATUS = {
    1: "equipment_fault",
    2: "signal_fault",
    3: "poor_signal",
    4: "low_perfusion",
    5: "erratic_signal",
    6: "not_pulsatile",
    7: "other_light",
    8: "interference",
    9: "sensor_fault",
    10: "sensor_loose",
    11: "sensor_unplugged",
    13: "sensor_off_finger",
    15: "wrong_sensor",
}
UNUSABLE = frozenset({"invalid", "demonstration", "testing", "calibrating"})
UNAVAILABLE = 13


def weight(raw: bytes) -> Told:
    """2A9D. Raises Unread."""
    fields, told = Fields(raw), Told()
    flags = fields.u8()
    _mass(told, fields.u16(), pounds=bool(flags & 1))
    if flags & 2:
        told.at(fields.moment())
    if flags & 4:
        told.user(fields.u8())
    if flags & 8:
        _height(told, fields.u16(), fields.u16(), inches=bool(flags & 1))
    fields.done()
    return told


def temperature(raw: bytes) -> Told:
    """2A1C. Raises Unread."""
    fields, told = Fields(raw), Told()
    flags, value = fields.u8(), fields.flt()
    if flags & 1:
        told.converted("temperature_c", "temperature_f", value, celsius)
    else:
        told.figure("temperature_c", value)
    if flags & 2:
        told.at(fields.moment())
    if flags & 4 and 0 < (site := fields.u8()) <= len(SITES):
        told.extra["site"] = SITES[site - 1]
    fields.done()
    return told


def spot(raw: bytes) -> Told:
    """2A5E, one measurement of a finger. Raises Unread."""
    fields, told = Fields(raw), Told()
    flags = fields.u8()
    told.figure("spo2_percent", fields.sfloat())
    told.figure("pulse_bpm", fields.sfloat())
    if flags & 1:
        told.at(fields.moment())
    _oximeter_rest(told, fields, flags, 1)
    if flags & 16:
        told.note("clock_unset", "The device says that its clock is not set.")
        told.measured_at = None
    return told


def continuous(raw: bytes) -> Told:
    """2A5F, one moment of many. Raises Unread."""
    fields, told = Fields(raw), Told()
    flags = fields.u8()
    told.figure("spo2_percent", fields.sfloat())
    told.figure("pulse_bpm", fields.sfloat())
    for bit in (0, 1):  # the same once more, averaged faster and slower
        if flags >> bit & 1:
            fields.u16()
            fields.u16()
    _oximeter_rest(told, fields, flags, 2)
    told.note("last_of_many", "The device measures without end; this is its last value before it fell silent.")
    return told


def battery(raw: bytes) -> int:
    """2A19 in percent. Raises Unread."""
    if (level := Fields(raw).u8()) > 100:
        raise Unread("A battery holds no more than 100 percent.")
    return level


def _mass(told: Told, value: int, *, pounds: bool) -> None:
    if value == 0xFFFF:
        told.note("no_value", "weight_kg: the scale did not succeed.")
    elif pounds:
        told.extra["weight_lb"] = f"{(pound := value * Decimal('0.01')):f}"
        told.figures["weight_kg"] = (pound * LB_KG).normalize()
    else:
        told.figures["weight_kg"] = value * Decimal("0.005")


def _height(told: Told, bmi: int, height: int, *, inches: bool) -> None:
    """Zero is what a scale says of somebody whose height nobody told it."""
    if bmi:
        told.figures["bmi"] = bmi * Decimal("0.1")
    if height and inches:
        told.extra["height_in"] = f"{(inch := height * Decimal('0.1')):f}"
        told.figures["height_m"] = (inch * INCH_M).normalize()
    elif height:
        told.figures["height_m"] = height * Decimal("0.001")


def _oximeter_rest(told: Told, fields: Fields, flags: int, first: int) -> None:
    """Status of measurement and sensor, and the strength of the pulse; a value marked as none is none."""
    if flags >> first & 1:
        status = fields.u16()
        told.flags(status, OXIMETER_STATUS)
        if status >> UNAVAILABLE & 1 or UNUSABLE & set(told.doubts):
            told.figures.clear()
            told.note("no_value", "spo2_percent: the device itself marks this as no measurement of a person.")
    if flags >> (first + 1) & 1:
        told.flags(fields.u24(), SENSOR_STATUS)
    if flags >> (first + 2) & 1:
        told.other("pulse_amplitude_percent", fields.sfloat())
    fields.done()
