"""The clock of an instrument that writes year, month, day and time in this order."""

import re
from datetime import datetime

from protocols.sheet.figures import blank
from protocols.sheet.margin import Margin

_MOMENT = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T_]+(\d{1,2}):(\d\d)(?::(\d\d))?\s*")
_PLAUSIBLE_YEARS = range(2001, 2100)  # a clock whose battery died starts again in 2000 or earlier


def measured_at(text: str, margin: Margin, tag: str) -> str | None:
    """ISO 8601 without zone; what is no such time, or what no calendar has, is kept under ``tag`` with a note."""
    if blank(text):
        return None
    found = _MOMENT.fullmatch(text)
    if found is None:
        margin.unreadable(tag, text)
        return None
    moment = _moment(found)
    if moment is None or moment.year not in _PLAUSIBLE_YEARS:
        margin.keep(tag, text)
        margin.note("clock_implausible", "The instrument's clock cannot be right; check its date and time.")
    return moment.isoformat() if moment else None


def _moment(found: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
