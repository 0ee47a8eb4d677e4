"""What belongs to every object: which instrument, which patient, when."""

import hashlib
import re
from datetime import date, datetime
from typing import Any

from protocols.dicom_refraction.grammar import DIALECT, UNKNOWN
from protocols.dicom_refraction.item import Item
from protocols.readings import Instrument, Integrity, PatientRef

# With the dots and colons of the standard's first edition, which old software still writes (PS3.5 6.2).
_DATE = re.compile(r"(\d{4})\.?(\d\d)\.?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d{1,6})?)?")
_ZONE = re.compile(r"[+-]\d{4}")

# A clock whose battery died starts again in 2000 or earlier.
_PLAUSIBLE_YEARS = range(2001, 2100)


def heading(root: Item, raw: bytes) -> dict[str, Any]:
    """The keys that every reading has."""
    if uid := root.text("SOPInstanceUID"):
        root.keep("SOPInstanceUID", uid)
    if comments := root.text("ImageComments"):
        root.keep("ImageComments", comments)
    return {
        "instrument": _instrument(root),
        "integrity": Integrity(checksum="none", raw_sha256=hashlib.sha256(raw).hexdigest()),
        "measured_at": _measured_at(root),
        "patient_ref": _patient(root),
    }


def _instrument(root: Item) -> Instrument:
    model = root.text("ManufacturerModelName")
    if model is None:
        root.note("instrument_unnamed", "The instrument did not say which model it is.")
    return Instrument(
        maker=root.text("Manufacturer") or UNKNOWN,
        model=model or UNKNOWN,
        dialect=DIALECT,
        serial=_told(root.text("DeviceSerialNumber")),
        firmware=_told(root.text("SoftwareVersions")),
    )


def _told(text: str | None) -> str | None:
    """Both are required by the standard, so a device that does not know them writes a word for that."""
    return None if text is None or text.casefold() == UNKNOWN else text


def _patient(root: Item) -> PatientRef | None:
    name = (root.text("PatientName") or "").rstrip("^= ")  # empty components at the end mean nothing (PS3.5 6.2.1)
    said = {"id": root.text("PatientID"), "name": name or None, "birth_date": _birth_date(root)}
    return PatientRef(**said) if any(said.values()) else None


def _birth_date(root: Item) -> str | None:
    said = root.text("PatientBirthDate")
    if said is None:
        return None
    born = _date(said)
    if born is None:
        root.note("unreadable_field", "The patient's birth date is no date; it stays in the bytes only.")
    return born.isoformat() if born else None


def _measured_at(root: Item) -> str | None:
    """Content date and time, with the zone where the object tells one (PS3.3 C.12.1.1.8)."""
    day, hour, zone = (root.text(word) for word in ("ContentDate", "ContentTime", "TimezoneOffsetFromUTC"))
    if day is None and hour is None:
        return None
    moment = _moment(day or "", hour or "", zone or "")
    if moment is None or moment.year not in _PLAUSIBLE_YEARS:
        root.keep("ContentDate", day or "")
        root.keep("ContentTime", hour or "")
        root.note("clock_implausible", "The instrument's clock cannot be right; check its date and time.")
    return moment.isoformat() if moment else None


def _moment(day: str, hour: str, zone: str) -> datetime | None:
    found, at = _date(day), _TIME.fullmatch(hour)
    if found is None or at is None:
        return None
    try:
        clock = hour.replace(":", "")
        text = f"{found.isoformat()}T{clock[:2]}:{at[2]}:{at[3] or '00'}{_fraction(hour)}"
        return datetime.fromisoformat(text + (zone if _ZONE.fullmatch(zone) else ""))
    except ValueError:
        return None


def _fraction(hour: str) -> str:
    _, point, digits = hour.partition(".")
    return f".{digits:0<6}" if point else ""


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
