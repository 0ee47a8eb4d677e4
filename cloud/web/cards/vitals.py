"""Vital signs: what a check-up measures beside the eyes, in one column."""

from collections.abc import Sequence

from flask_babel import gettext as _

from cloud.web import notation
from cloud.web.cards.parts import Row, facts, lines
from cloud.web.cards.shape import Card, Column, Line
from protocols.readings import VitalSigns


def vital_signs(reading: VitalSigns) -> Card:
    """Blood pressure as it is said, the upper over the lower; what the device doubted itself stands below."""
    return Card(
        kind="vital_signs",
        title=_("Vital signs"),
        columns=[Column(_("Value"), _("of the patient, of neither eye"))],
        lines=[*_pressure(reading), *lines(_rows(), [reading])],
        facts=facts([Row(_("Instrument"), "instrument.model", "said")], reading),
        remarks=said_doubts(reading.doubts),
    )


def _pressure(reading: VitalSigns) -> list[Line]:
    upper, lower = (notation.measured(one) for one in (reading.systolic_mmhg, reading.diastolic_mmhg))
    if upper is None and lower is None:
        return []
    return [Line(_("Blood pressure (mmHg)"), [f"{upper or '–'} / {lower or '–'}"], main=True)]


def _rows() -> list[Row]:
    return [
        Row(_("Mean arterial pressure (mmHg)"), "mean_arterial_mmhg", "measured"),
        Row(_("Pulse (per minute)"), "pulse_bpm", "measured", main=True),
        Row(_("Glucose (mmol/L)"), "glucose_mmol_l", "measured", main=True),
        Row(_("Glucose (mg/dL)"), "glucose_mg_dl", "measured", main=True),
        Row(_("Weight (kg)"), "weight_kg", "measured"),
        Row(_("Height (m)"), "height_m", "measured"),
        Row(_("BMI (kg/m²)"), "bmi", "measured"),
        Row(_("Temperature (°C)"), "temperature_c", "measured"),
        Row(_("Oxygen saturation (%)"), "spo2_percent", "measured"),
    ]


def said_doubts(codes: Sequence[str]) -> list[str]:
    """What the device doubted, in words; a code without a word stays as it came."""
    words = {
        "movement": _("The body moved while it was measured."),
        "cuff_loose": _("The cuff sat loosely."),
        "irregular_pulse": _("The pulse was irregular."),
        "position": _("The cuff was not held at the height of the heart."),
        "pulse_above_range": _("The pulse was faster than the device can follow."),
        "pulse_below_range": _("The pulse was slower than the device can follow."),
        "battery_low": _("The device's battery is low."),
        "sensor_malfunction": _("The sensor did not work as it should."),
        "sensor_fault": _("The sensor did not work as it should."),
        "sensor_loose": _("The sensor sat loosely."),
        "low_perfusion": _("Too little blood flows where the sensor sits."),
        "control_solution": _("This is a control solution, not the patient."),
        "above_range": _("The value lies above what the device can measure."),
        "below_range": _("The value lies below what the device can measure."),
    }
    return [words.get(one, one) for one in codes]
