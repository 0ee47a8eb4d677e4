"""Days and times whose order nobody has told. A day that could be read in two ways is not read at all."""

import re
from datetime import datetime

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TIME = r"[T ,.]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME)
_NAMED = (
    re.compile(r"(?P<day>\d{1,2})[-/. ]+(?P<month>[A-Za-z]{3})[a-z]*[-/., ]+(?P<year>\d{4})" + _TIME),
    re.compile(r"(?P<month>[A-Za-z]{3})[a-z]*[-/. ]+(?P<day>\d{1,2})[-/., ]+(?P<year>\d{4})" + _TIME),
)
_NUMBERED = re.compile(r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4})" + _TIME)


def moment(text: str) -> str | None:
    """ISO 8601 without zone; nothing when it is no date, no calendar has it, or day and month could be either."""
    said = text.strip()
    for shape in (_YEAR_FIRST, *_NAMED):
        if found := shape.fullmatch(said):
            return _iso(found, _month(found["month"]), int(found["day"]))
    found = _NUMBERED.fullmatch(said)
    return _numbered(found) if found else None


def _numbered(found: re.Match[str]) -> str | None:
    one, other = int(found["one"]), int(found["other"])
    if one == other or other > 12:
        return _iso(found, one, other)
    if one > 12 or found["mark"] == ".":  # nobody writes a month first with points between
        return _iso(found, other, one)
    return None


def _iso(found: re.Match[str], month: int, day: int) -> str | None:
    hour = _hour(int(found["hour"]), found["half"])
    try:
        return datetime(
            int(found["year"]), month, day, hour, int(found["minute"]), int(found["second"] or 0)
        ).isoformat()
    except ValueError:
        return None


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return _MONTHS.index(text.upper()) + 1 if text.upper() in _MONTHS else 0


def _hour(hour: int, half: str | None) -> int:
    if half is None or hour > 12:  # a suffix behind a 24-hour time says nothing
        return hour
    return hour % 12 + (12 if half[0] in "Pp" else 0)
