"""What belongs to every reading of a document: who, when, which print-out, which patient."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from protocols.readings import UNNAMED, Instrument, Integrity, Note, PatientRef
from protocols.xml.margin import Margin

_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:-](\d\d)(?:[:-](\d\d)(?:\.(\d{1,3}))?)?", re.ASCII)
_PLAUSIBLE_YEARS = range(2001, 2100)  # a clock whose battery died starts again in 2000 or earlier
_STOPPED = "2012-01-01T12:34:56"  # what a CL-300 without a clock says for ever


@dataclass(frozen=True, slots=True)
class Heading:
    """The common part; ``margin`` holds its own notes and leftovers."""

    instrument: Instrument
    integrity: Integrity
    measured_at: str | None
    print_number: str | None
    patient_ref: PatientRef | None
    margin: Margin

    def keys(self, margin: Margin) -> dict[str, Any]:
        """The common keys of a reading whose own leftovers are ``margin``."""
        return {
            "instrument": self.instrument,
            "integrity": self.integrity,
            "measured_at": self.measured_at,
            "print_number": self.print_number,
            "patient_ref": self.patient_ref,
            "notes": (*self.margin.notes, *margin.notes),
            "extra": {**self.margin.extra, **margin.extra},
        }


def noted(notes: Iterable[Note]) -> Margin:
    """A margin that begins with what is known about the whole document."""
    margin = Margin()
    margin.notes.extend(notes)
    return margin


def instrument(dialect: str, maker: str, model: str, firmware: str, margin: Margin) -> Instrument:
    """As the instrument names itself; one that does not is told."""
    if not model:
        margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    return Instrument(
        maker=maker or UNNAMED, model=model or UNNAMED, dialect=dialect, firmware=" ".join(firmware.split()) or None
    )


def measured_at(date: str, time: str, margin: Margin) -> str | None:
    """ISO 8601 without zone; to the day where the instrument told no time. An impossible or stopped clock is told."""
    if not date:
        return None
    moment = _moment(date, time)
    if moment is None or int(moment[:4]) not in _PLAUSIBLE_YEARS or moment == _STOPPED:
        margin.keep("Date", f"{date} {time}".strip())
        margin.note("clock_implausible", f"The instrument's clock says {date} {time}; check its date and time.")
    return moment


def patient(number: str, identity: str, margin: Margin, *, name: str = "", birth: str = "") -> PatientRef | None:
    """What was said about the patient; an id that is the running number is none."""
    if identity and identity.lstrip("0") == number.lstrip("0"):
        margin.keep("Patient/ID", identity)
        margin.note("patient_id_is_print_number", "The patient id is only the running print number.")
        identity = ""
    born = _birth(birth, margin)
    return PatientRef(id=identity or None, name=name or None, birth_date=born) if identity or name or born else None


def counted(number: str, margin: Margin) -> tuple[str | None, PatientRef | None]:
    """A print number and a patient from one field that may hold either: digits filled up with zeros were counted."""
    if number.isdigit() and number.startswith("0"):
        margin.note("patient_id_is_print_number", "The patient id is only the running print number.")
        return number, None
    return None, patient("", number, margin)


def _birth(text: str, margin: Margin) -> str | None:
    born = _moment(text, "")
    if text and born is None:
        margin.unreadable("Patient/DOB", text)
    return born


def _moment(date: str, time: str) -> str | None:
    day, hour = _DATE.fullmatch(date), _TIME.fullmatch(time)
    if day is None or (time and hour is None):
        return None
    figures = [int(part or 0) for part in (*day.groups(), *(hour.groups()[:3] if hour else ()))]
    try:
        moment = datetime(*figures).isoformat()  # type: ignore[arg-type]  # three to six numbers
    except ValueError:
        return None
    return (moment + (f".{hour[4]}" if hour[4] else "")) if hour else moment[:10]
