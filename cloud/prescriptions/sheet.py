"""Reading a form field by field: what cannot be read becomes a sentence beside its field, never an exception."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _

from cloud.prescriptions.entry import Mistyped
from cloud.prescriptions.tables import codes

Value = TypeVar("Value")
# Control characters except a new line, halves of characters, and what turns the direction of writing round.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LINE, NOTE = 200, 2000


def words(code: str) -> str:
    """What is wrong with what was typed."""
    said = {
        "number": _("This is no number that fits here. Write for instance -1.75."),
        "sign": _("Write the sign: + or −. Without it nobody can tell which is meant."),
        "whole": _("Write a whole number."),
        "prism": _("Write power and base, for instance 2 in 1.5 up, or 5 @ 37."),
        "base": _("The base is in or out, up or down, each at most once."),
        "choice": _("Choose one from the list."),
        "day": _("Enter the date as year-month-day, for instance 2027-03-27."),
        "long": _("This is too long."),
        "unseen": _("Leave out characters that cannot be seen."),
        "taper": _("Write one step a line: how often, a comma, and the days. For instance: 4 times a day, 7"),
    }
    return str(said[code])


class Sheet:
    """What was typed, by field; ``errors`` grows while it is read."""

    def __init__(self, entered: Mapping[str, str]) -> None:
        self.entered = entered
        self.errors: dict[str, str] = {}

    def read(self, name: str, how: Callable[[str], Value | None]) -> Value | None:
        """The field as ``how`` reads it, or None and an error."""
        try:
            return how(self.entered.get(name, ""))
        except Mistyped as mistake:
            self.wrong(name, mistake.code)
            return None

    def wrong(self, name: str, code: str) -> None:
        """Something is wrong with a field."""
        self.errors[name] = words(code)

    def text(self, name: str, limit: int = LINE) -> str:
        """One line or, for notes, several; trimmed."""
        typed = self.entered.get(name, "").replace("\r\n", "\n").strip()
        if len(typed) > limit:
            self.wrong(name, "long")
        if _UNSEEN.search(typed):
            self.wrong(name, "unseen")
        return typed

    def choice(self, name: str, group: str) -> str | None:
        """A code of a list of uses.toml; empty is None."""
        return self.one_of(name, codes(group))

    def one_of(self, name: str, known: set[str]) -> str | None:
        """One of these, or None and perhaps an error."""
        typed = self.entered.get(name, "")
        if typed and typed not in known:
            self.wrong(name, "choice")
            return None
        return typed or None

    def day(self, name: str) -> date | None:
        """A date, or None and perhaps an error."""
        typed = self.entered.get(name, "").strip()
        try:
            found = date.fromisoformat(typed) if typed else None
        except ValueError:
            found = None
        if typed and (found is None or not 1900 <= found.year <= 2200):
            self.wrong(name, "day")
            return None
        return found
