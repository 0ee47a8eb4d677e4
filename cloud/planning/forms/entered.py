"""What was typed into a form: read field by field, with what is wrong in the user's words."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from itertools import pairwise

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cloud.slots.hours import Window

# Control characters, and what turns the direction of writing round.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CLOCK = re.compile(r"(\d{1,2})(?:[:：.](\d{2}))?")
_SPAN = re.compile(rf"\s*{_CLOCK.pattern}\s*(?:[-–—~～]|to|至|到)\s*{_CLOCK.pattern}\s*")
_BETWEEN = re.compile(r"[,，;；、\n]+")
MIDNIGHT = 24 * 60
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


class Entered:
    """A form that was sent. Nothing is raised: problems lie in ``errors`` by field."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self.sent = sent
        self.errors: dict[str, list[str]] = {}

    def wrong(self, name: str, said: str) -> None:
        """Say what does not fit."""
        self.errors.setdefault(name, []).append(str(said))

    def raw(self, name: str) -> str:
        """As it was typed, without blanks around it."""
        return self.sent.get(name, "").strip()

    def text(self, name: str, most: int, *, required: bool = False) -> str:
        """Words, at most so many characters."""
        said = self.raw(name)
        if required and not said:
            self.wrong(name, _("This is needed."))
        elif len(said) > most:
            self.wrong(name, _("At most %(limit)d characters.", limit=most))
        elif _UNSEEN.search(said):
            self.wrong(name, _("Leave out characters that cannot be seen."))
        return said

    def number(self, name: str, least: int, most: int, *, step: int = 1) -> int | None:
        """A whole number, or None where the field is empty."""
        said = self.raw(name)
        if not said:
            return None
        if not (said.isascii() and said.isdigit() and len(said) < 9 and least <= int(said) <= most):
            self.wrong(name, _("Write a whole number from %(least)s to %(most)s.", least=least, most=most))
            return None
        if int(said) % step:
            self.wrong(name, _("Write a multiple of %(step)d minutes.", step=step))
        return int(said)

    def needed(self, name: str, least: int, most: int, *, step: int = 1) -> int:
        """A whole number that has to be there."""
        if not self.raw(name):
            self.wrong(name, _("This is needed."))
        found = self.number(name, least, most, step=step)
        return least if found is None else found

    def decimal(self, name: str, most: int, places: int) -> Decimal:
        """A number of nothing or more; nothing where the field is empty."""
        said = self.raw(name).replace(",", ".") or "0"
        right = re.fullmatch(rf"[0-9]{{1,9}}(\.[0-9]{{1,{places}}})?", said)
        if not right or Decimal(said) > most:
            self.wrong(name, _("Write a number from 0 to %(most)s.", most=most))
            return Decimal(0)
        return Decimal(said)

    def day(self, name: str, *, least: date | None = None, required: bool = False) -> date | None:
        """A date, not before ``least``."""
        said = self.raw(name)
        if not said:
            if required:
                self.wrong(name, _("This is needed."))
            return None
        try:
            found = date.fromisoformat(said)
        except ValueError:
            found = None
        if found is None or not FIRST <= found <= LAST:
            self.wrong(name, _("Enter the date as year-month-day, for instance 2026-11-22."))
            return None
        if least is not None and found < least:
            self.wrong(name, _("What has been cannot be changed. Choose today or a later day."))
        return found

    def minute(self, name: str, *, default: int | None = None) -> int:
        """A time of day in minutes after midnight; 24:00 is its end."""
        said = self.raw(name)
        if not said and default is not None:
            return default
        found = _minutes(said)
        if found is None:
            self.wrong(name, _("Enter the time as hours and minutes, for instance 09:30."))
        return found or 0

    def one_of(self, name: str, allowed: Collection[str], default: str = "") -> str:
        """A choice of a list."""
        said = self.raw(name) or default
        if said not in allowed:
            self.wrong(name, _("Choose one from the list."))
            return default
        return said

    def some_of(self, name: str, allowed: Collection[str]) -> list[str]:
        """Choices of a list, each once and in its order."""
        said = set(self.sent.getlist(name))
        if said - set(allowed):
            self.wrong(name, _("Choose from the list."))
        return [one for one in allowed if one in said]

    def ids(self, name: str, allowed: Collection[int]) -> list[int]:
        """Rows of a list, by number."""
        return [int(one) for one in self.some_of(name, [str(one) for one in allowed])]

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.raw(name))

    def windows(self, name: str) -> list[Window]:
        """Times of a day, ``9:00-13:00, 14:00-18:00``, in order; none where the field is empty."""
        found = []
        for said in filter(str.strip, _BETWEEN.split(self.raw(name))):
            window = _window(said)
            if window is None:
                self.wrong(name, _("Write times like 09:00-13:00, 14:00-18:00."))
                return []
            found.append(window)
        return self._apart(name, sorted(found))

    def _apart(self, name: str, found: list[Window]) -> list[Window]:
        if any(minute % 5 for window in found for minute in window):
            self.wrong(name, _("Times go by five minutes."))
        if any(first[1] > second[0] for first, second in pairwise(found)):
            self.wrong(name, _("These times overlap."))
        return found


def written(windows: Collection[Window]) -> str:
    """Windows as they are typed."""
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in sorted(windows))


def clock(minutes: int) -> str:
    """``09:30`` of minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _window(said: str) -> Window | None:
    match = _SPAN.fullmatch(said)
    if match is None:
        return None
    start, end = _of(match[1], match[2]), _of(match[3], match[4])
    return (start, end) if start is not None and end is not None and start < end else None


def _minutes(said: str) -> int | None:
    match = _CLOCK.fullmatch(said)
    return _of(match[1], match[2]) if match else None


def _of(hours: str, minutes: str | None) -> int | None:
    found = int(hours) * 60 + int(minutes or 0)
    return found if found <= MIDNIGHT and int(minutes or 0) < 60 else None
