"""The instrument's clock. Its shape is a setting of the unit, so every known shape is tried.

    27/MAR/2017.07:40     2017.03.27.07:40     MAR/27/2017.07:40     each perhaps with AM or PM behind

Sources: captures of ARK-1a and TONOREF III (Rufus @70a2597); the other two shapes from its parser, grade B.
"""

import re
from datetime import datetime

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TIME = r"[. ]\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)\s*(?P<half>[AP]M)?\s*"
_SHAPES = tuple(
    re.compile(day + _TIME, re.IGNORECASE)
    for day in (
        r"(?P<day>\d{1,2})/(?P<month>[A-Z]{3})/(?P<year>\d{4})",
        r"(?P<year>\d{4})[./](?P<month>\d{1,2}|[A-Z]{3})[./](?P<day>\d{1,2})",
        r"(?P<month>[A-Z]{3})/(?P<day>\d{1,2})/(?P<year>\d{4})",
    )
)

# A clock whose battery died starts again on 1 January of 2000 or earlier.
_PLAUSIBLE_YEARS = range(2001, 2100)


def parse(text: str) -> datetime | None:
    """Date and time without zone, or nothing when no shape fits or no calendar has the day."""
    for shape in _SHAPES:
        if match := shape.fullmatch(text):
            return _moment(match)
    return None


def plausible(moment: datetime) -> bool:
    """Whether the clock can have been set at all."""
    return moment.year in _PLAUSIBLE_YEARS


def _moment(match: re.Match[str]) -> datetime | None:
    try:
        day = int(match["year"]), _month(match["month"]), int(match["day"])
        return datetime(*day, _hour(int(match["hour"]), match["half"]), int(match["minute"]))
    except ValueError:
        return None


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.index(text.upper()) + 1


def _hour(hour: int, half: str | None) -> int:
    if half is None or hour > 12:  # a suffix behind a 24-hour time says nothing
        return hour
    return hour % 12 + (12 if half.upper() == "PM" else 0)
