"""Text in, an order out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _

from cloud.worklist.catalogue import catalogue
from cloud.worklist.choices import LATERALITIES, LONGEST_REMARK, LONGEST_STATION
from cloud.worklist.models import Order

FIELDS = ("examination", "laterality", "wanted_on", "wanted_time", "station", "remark")
FARTHEST = timedelta(days=730)
# Control characters, and what turns the direction of writing round; a backslash parts values in DICOM.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\\\\]")


@dataclass(slots=True)
class OrderForm:
    """What was typed, what it means, and what does not fit, by field and in the user's words."""

    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, today: date) -> "OrderForm":
        """For today, of nothing yet."""
        return cls({"laterality": "usual", "wanted_on": today.isoformat()})

    @classmethod
    def of(cls, one: Order) -> "OrderForm":
        """As the order stands."""
        clock = one.wanted_time.strftime("%H:%M") if one.wanted_time else ""
        said = {"examination": one.kind, "laterality": one.laterality or "none", "wanted_on": str(one.wanted_on)}
        return cls({**said, "wanted_time": clock, "station": one.station or "", "remark": one.remark or ""})

    @classmethod
    def parse(cls, entered: Mapping[str, str], today: date) -> "OrderForm":
        """Read the form; nothing is raised, problems lie in ``errors``."""
        form = cls({name: str(entered.get(name, "")).strip() for name in FIELDS})
        form._examination()
        form._day(today)
        form._clock()
        form._text("station", LONGEST_STATION)
        form._text("remark", LONGEST_REMARK)
        return form

    def _examination(self) -> None:
        if self.texts["examination"] not in catalogue().kinds:
            self.errors["examination"] = _("Choose what is to be examined.")
        eye = self.texts["laterality"] or "usual"
        if eye not in {"usual", "none", *LATERALITIES}:
            self.errors["laterality"] = _("Choose one from the list.")
        self.values["examination"] = self.texts["examination"]
        self.values["laterality"] = None if eye == "usual" else "" if eye == "none" else eye

    def _day(self, today: date) -> None:
        try:
            day = date.fromisoformat(self.texts["wanted_on"])
        except ValueError:
            self.errors["wanted_on"] = _("Enter the date as year-month-day, for instance 2026-11-22.")
            return
        self.values["wanted_on"] = day
        if not today <= day <= today + FARTHEST:
            self.errors["wanted_on"] = _("Choose today or a later day, at most two years ahead.")

    def _clock(self) -> None:
        text = self.texts["wanted_time"]
        try:
            self.values["wanted_time"] = time.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError:
            self.errors["wanted_time"] = _("Enter the time as hours and minutes, for instance 09:30.")

    def _text(self, name: str, limit: int) -> None:
        text = " ".join(self.texts[name].split())
        self.values[name] = text or None
        if len(text) > limit:
            self.errors[name] = _("At most %(limit)d characters.", limit=limit)
        elif _UNSEEN.search(text):
            self.errors[name] = _("Leave out backslashes and characters that cannot be seen.")
