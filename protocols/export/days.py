"""Days whose order depends on the computer that wrote them.

Where one examination of a file could only be read in one order (``13/02/2024``), the whole file was written in it: one
computer wrote it. Where none tells, nothing is assumed and the moment stays as it came.
"""

import re
from collections.abc import Iterable
from datetime import datetime

_DAY = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,6})?)?\s*([AaPp])?\.?[Mm]?\.?")
_MOST_MONTHS = 12


class Days:
    """The order in which one file writes its days; ``days`` are those of its examinations."""

    def __init__(self, days: Iterable[str]) -> None:
        shown = {order for day in days if (order := _shown(day)) is not None}
        self.order = shown.pop() if len(shown) == 1 else None

    def iso(self, day: str) -> str | None:
        """``YYYY-MM-DD``; nothing when no calendar has it or its order is not told."""
        found = _DAY.fullmatch(day.strip())
        order = (_shown(day) or self.order) if found else None
        if found is None or order is None:
            return None
        parts = dict(zip(order, (int(found[1]), int(found[3]), int(found[4])), strict=True))
        try:
            return f"{datetime(parts['y'], parts['m'], parts['d']):%Y-%m-%d}"
        except ValueError:
            return None

    def moment(self, day: str, time: str) -> str | None:
        """ISO 8601 without zone; the day alone where the time cannot be read."""
        date = self.iso(day)
        clock = _clock(time)
        return f"{date}T{clock}" if date and clock else date


def _shown(day: str) -> str | None:
    """The order a day can only have: ``ymd``, ``dmy`` or ``mdy``."""
    found = _DAY.fullmatch(day.strip())
    if found is None:
        return None
    if len(found[1]) == 4:
        return "ymd"
    if found[2] == "." or int(found[1]) > _MOST_MONTHS:
        return "dmy"
    return "mdy" if int(found[3]) > _MOST_MONTHS else None


def _clock(time: str) -> str | None:
    found = _TIME.fullmatch(time.strip())
    if found is None:
        return None
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    said = f"{hour:02}:{found[2]}:{found[3] or '00'}"
    try:
        return f"{datetime.strptime(said, '%H:%M:%S'):%H:%M:%S}"
    except ValueError:
        return None
