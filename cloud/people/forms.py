"""Text in, a person out: which fields a form has, and what was typed into them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from cloud.kernel.clock import now
from cloud.people import wording
from cloud.people.choices import AlertKind, ContactKind, IdKind, PersonRole, Severity, Sex, Status, TieKind

# Control characters, halves of characters, and what turns the direction of writing round.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a form; ``kind`` is text, tel, date, year, choice, tick or many, ``choices`` the codes it takes."""

    name: str
    kind: str = "text"
    limit: int = 100
    required: bool = False
    choices: tuple[str, ...] = ()


NAMES = (
    Entry("family_name", required=True),
    Entry("given_name"),
    Entry("middle_name"),
    Entry("native_name"),
    Entry("preferred_name"),
)
BIRTH = (
    Entry("birth_date", "date"),
    Entry("birth_year", "year"),
    Entry("sex", "choice", choices=("", *Sex)),
    Entry("gender", limit=60),
)
PAPERS = (Entry("id_kind", "choice", choices=("", *IdKind)), Entry("id_number", limit=40))
SPEECH = (Entry("language", "choice", choices=("", *wording.LANGUAGES)), Entry("interpreter", "tick"))
SECTIONS: dict[str, tuple[Entry, ...]] = {
    "identity": (*NAMES, *BIRTH),
    "document": PAPERS,
    "background": (
        *SPEECH,
        Entry("occupation"),
        Entry("roles", "many", choices=tuple(PersonRole)),
        Entry("customer_class", limit=60),
        Entry("home_store_id", "choice"),
    ),
    "status": (
        Entry("status", "choice", choices=(Status.ACTIVE, Status.MOVED, Status.DECEASED)),
        Entry("moved_to", limit=200),
        Entry("deceased_on", "date"),
    ),
}
# What is added to a person, each in a small form of its own.
CONTACT = (
    Entry("kind", "choice", required=True, choices=tuple(ContactKind)),
    Entry("value", limit=300, required=True),
    Entry("label", limit=60),
    Entry("preferred", "tick"),
)
ALLERGY = (
    Entry("substance", required=True),
    Entry("reaction", limit=200),
    Entry("severity", "choice", required=True, choices=tuple(Severity)),
)
ALERT = (
    Entry("kind", "choice", required=True, choices=tuple(AlertKind)),
    Entry("text", limit=500, required=True),
    Entry("seen_by", "many", choices=tuple(wording.ALERTED)),
)
TAG = (Entry("name", limit=60, required=True),)
TIE = (
    Entry("kind", "choice", required=True, choices=tuple(TieKind)),
    Entry("may_consent", "tick"),
    Entry("may_collect", "tick"),
    Entry("emergency", "tick"),
)
REASON = (Entry("reason", limit=500, required=True),)
# Of a new person: what is asked at once, and what only on demand.
SHORT = (NAMES[0], NAMES[1], BIRTH[0], BIRTH[2], Entry("phone", "tel", limit=40), Entry("record_number", limit=40))
MORE = (*NAMES[2:], BIRTH[1], BIRTH[3], *PAPERS, *SPEECH, Entry("occupation"))


@dataclass(slots=True)
class PersonForm:
    """What was typed, what it means, and what does not fit, by field and in the user's words."""

    entries: tuple[Entry, ...]
    texts: dict[str, str] = field(default_factory=dict)
    picked: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: tuple[Entry, ...], known: Mapping[str, Any]) -> "PersonForm":
        """The form as the record stands."""
        form = cls(entries)
        for entry in entries:
            value = known.get(entry.name)
            form.picked[entry.name] = list(value or ()) if entry.kind == "many" else []
            form.texts[entry.name] = "" if value in (None, False) or entry.kind == "many" else str(value)
        return form

    @classmethod
    def parse(cls, entries: tuple[Entry, ...], entered: Mapping[str, Any]) -> "PersonForm":
        """Read the form; nothing is raised, problems lie in ``errors``."""
        form = cls(entries)
        for entry in entries:
            text = str(entered.get(entry.name, ""))
            form.texts[entry.name] = text.strip() if entry.kind == "date" else " ".join(text.split())
            form.picked[entry.name] = entered.getlist(entry.name) if hasattr(entered, "getlist") else []
            form._read(entry)
        form._check_births()
        return form

    def _read(self, entry: Entry) -> None:
        text = self.texts[entry.name]
        if len(text) > entry.limit:
            self.errors[entry.name] = _("At most %(limit)d characters.", limit=entry.limit)
        elif _UNSEEN.search(text):
            self.errors[entry.name] = _("Leave out characters that cannot be seen.")
        elif entry.required and not text:
            self.errors[entry.name] = _("This is needed.")
        else:
            self.values[entry.name] = self._value(entry, text)

    def _value(self, entry: Entry, text: str) -> Any:
        if entry.kind == "many":
            return [code for code in entry.choices if code in self.picked[entry.name]]
        if entry.kind == "tick":
            return bool(text)
        if entry.kind == "choice" and entry.choices and text not in entry.choices:
            self.errors[entry.name] = _("Choose one from the list.")
        if entry.kind in ("date", "year") and text:
            return self._date(entry.name, text) if entry.kind == "date" else self._year(entry.name, text)
        return text or ("" if entry.name == "given_name" else None)

    def _date(self, name: str, text: str) -> date | None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.errors[name] = _("Enter the date as year-month-day, for instance 1984-03-27.")
            return None
        if not date(FIRST_YEAR, 1, 1) <= day <= now().date():
            self.errors[name] = _("A date here lies between 1900 and today.")
        return day

    def _year(self, name: str, text: str) -> int | None:
        year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
        if not FIRST_YEAR <= year <= now().year:
            self.errors[name] = _("Enter a year between 1900 and now, with four digits.")
        return year or None

    def _check_births(self) -> None:
        day, year = self.values.get("birth_date"), self.values.get("birth_year")
        if day and year:
            if day.year != year:
                self.errors["birth_year"] = _("The birth date above is of another year.")
            self.values["birth_year"] = None
