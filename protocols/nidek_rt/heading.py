"""The heading: model, patient, date.

    NIDEK RT-5100 ID<12> DA2016/ 9/ 7 [SN…]                  AR port parameter other than HDR
    NIDEK_RT-5100 CR  STX ID… CR  STX DA2016/09/07 SN… CR     AR port parameter HDR

The month and day are padded with blanks on an RT-5100, with zeros on an RT-3100.
"""

import re
from dataclasses import dataclass
from datetime import date

from protocols.nidek_frame.margin import Margin
from protocols.nidek_rt.grammar import DIALECT
from protocols.nidek_rt.lines import Item, Lines
from protocols.readings import UNNAMED, Instrument, PatientRef

_NAME = re.compile(r"NIDEK[ _](RT-?\S*)")
_PATIENT = re.compile(r" *ID(.{12}) (?=DA)| *ID(.{0,20}?) *(?=DA|$)")
_DATE = re.compile(r" *DA(\d{4})/([ \d]\d)/([ \d]\d)")
_SERIAL = re.compile(r" *SN(.*)")
_YEARS = range(2001, 2100)  # a clock whose battery died starts again in 2000 or earlier


@dataclass(frozen=True, slots=True)
class Heading:
    """Who spoke, when, and the patient's number as the operator entered it."""

    instrument: Instrument
    measured_at: str | None
    patient_ref: PatientRef | None


def heading(said: Lines, margin: Margin) -> Heading:
    """Read the heading in either of its forms; what is left over goes to the margin."""
    name = _NAME.match(said.heading)
    rest = said.heading[name.end() :] if name else said.heading
    rest += "".join(f" {item.tag}{item.text}" for item in said.items if belongs(item))
    patient, rest = _taken(_PATIENT, rest)
    day, rest = _taken(_DATE, rest)
    serial, rest = _taken(_SERIAL, rest)
    _leftovers(serial, rest, margin)
    return Heading(
        instrument=Instrument(maker="NIDEK", model=name[1] if name else UNNAMED, dialect=DIALECT),
        measured_at=_measured_at(day, margin),
        patient_ref=_patient(patient),
    )


def belongs(item: Item) -> bool:
    """ID and DA lines before the first source are a part of the heading."""
    return not item.source and item.tag in ("ID", "DA")


def _taken(shape: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    match = shape.match(text)
    return match, text[match.end() :] if match else text


def _patient(match: re.Match[str] | None) -> PatientRef | None:
    number = (match[1] or match[2] or "").strip() if match else ""
    return PatientRef(id=number) if number else None


def _measured_at(match: re.Match[str] | None, margin: Margin) -> str | None:
    if match is None:
        return None
    try:
        day = date(*(int(part) for part in match.groups()))
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        margin.keep("DA", match[0].strip()[2:])
        margin.note("clock_implausible", "The phoropter's date cannot be right; check its clock.")
    return day.isoformat() if day else None


def _leftovers(serial: re.Match[str] | None, rest: str, margin: Margin) -> None:
    if serial and serial[1].strip():
        margin.keep("SN", serial[1].strip())
    if rest.strip():
        margin.keep("heading", rest.strip())
        margin.note("unreadable_field", "A part of the heading does not have the form it should have; kept as it came.")
