"""Text in, a patient out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from cloud.kernel.clock import now

LANGUAGES = ("", "en", "zh")
# Control characters, halves of characters, and what turns the direction of writing round.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(slots=True)
class PatientForm:
    """What was entered about a patient; ``errors`` by field, in the user's words."""

    record_number: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    birth_text: str = ""
    phone: str = ""
    language: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, entered: Mapping[str, str]) -> "PatientForm":
        """Read the form; nothing is raised, problems lie in ``errors``."""
        names = ("record_number", "family_name", "given_name", "phone", "language")
        form = cls()
        for name in names:
            setattr(form, name, " ".join(entered.get(name, "").split()))
        form.birth_text = entered.get("birth_date", "").strip()
        form._check()
        return form

    def _check(self) -> None:
        for name, limit in (("record_number", 40), ("family_name", 100), ("given_name", 100), ("phone", 40)):
            if len(getattr(self, name)) > limit:
                self.errors[name] = _("At most %(limit)d characters.", limit=limit)
            if _UNSEEN.search(getattr(self, name)):
                self.errors[name] = _("Leave out characters that cannot be seen.")
        for name in ("record_number", "family_name"):
            if not getattr(self, name):
                self.errors[name] = _("This is needed.")
        if self.language not in LANGUAGES:
            self.errors["language"] = _("Choose a language from the list.")
        if self.birth_text:
            self._check_birth()

    def _check_birth(self) -> None:
        try:
            self.birth_date = date.fromisoformat(self.birth_text)
        except ValueError:
            self.errors["birth_date"] = _("Enter the date as year-month-day, for instance 1984-03-27.")
            return
        if not date(1900, 1, 1) <= self.birth_date <= now().date():
            self.errors["birth_date"] = _("A birth date lies between 1900 and today.")
