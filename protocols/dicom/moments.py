"""Dates and times of DICOM (DA, TM, DT) as ISO 8601."""

import re
from datetime import date, datetime

# With the dots and colons of the standard's first edition, which old software still writes (PS3.5 6.2).
_DATE = re.compile(r"(\d{4})[.-]?(\d\d)[.-]?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?")
_STAMP = re.compile(r"(\d{8})(\d{4,6}(?:\.\d{1,6})?)([+-]\d{4})?")
_ZONE = re.compile(r"[+-]\d{4}")


def day(text: str) -> date | None:
    """A DA, or nothing where it is no day."""
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def moment(said: str, hour: str, zone: str = "") -> datetime | None:
    """A DA and a TM, with the zone where the object tells one."""
    found, at = day(said), _TIME.fullmatch(hour)
    if found is None or at is None:
        return None
    text = f"{found.isoformat()}T{at[1]}:{at[2]}:{at[3] or '00'}.{(at[4] or '0'):0<6}"
    try:
        return datetime.fromisoformat(text + (zone if _ZONE.fullmatch(zone) else ""))
    except ValueError:
        return None


def stamp(text: str, zone: str = "") -> datetime | None:
    """A DT; its own zone is better than the object's."""
    found = _STAMP.fullmatch(text)
    return moment(found[1], found[2], found[3] or zone) if found else None
