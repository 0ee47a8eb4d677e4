"""Text in, a store's manner of writing out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from flask_babel import gettext as _

from cloud.messages.models import Setting
from cloud.people import phones

LONGEST_SENDER, LONGEST_ADDRESS = 80, 254


@dataclass(slots=True)
class MannerForm:
    """How a store writes: what was typed, what it means, and what does not fit, by field."""

    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str | int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Setting | None) -> "MannerForm":
        """As it stands."""
        one = found or Setting(sender="", reply_to="", quiet_from=21 * 60, quiet_to=8 * 60)
        times = {"quiet_from": _clock(one.quiet_from), "quiet_to": _clock(one.quiet_to)}
        return cls({"sender": one.sender, "reply_to": one.reply_to, **times})

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "MannerForm":
        """What was typed; ``values`` are complete when nothing is wrong."""
        form = cls({name: typed.get(name, "").strip() for name in ("sender", "reply_to", "quiet_from", "quiet_to")})
        form._name()
        form._address()
        form._time("quiet_from")
        form._time("quiet_to")
        return form

    def _name(self) -> None:
        sender = " ".join(self.texts["sender"].split())
        if len(sender) > LONGEST_SENDER or any(not sign.isprintable() for sign in sender):
            self.errors["sender"] = _("Write a name of at most %(most)s signs on one line.", most=LONGEST_SENDER)
        self.values["sender"] = sender

    def _address(self) -> None:
        address = self.texts["reply_to"]
        if address and (len(address) > LONGEST_ADDRESS or not phones.fits("email", address)):
            self.errors["reply_to"] = _("Write an e-mail address, like desk@practice.example.")
        self.values["reply_to"] = address

    def _time(self, name: str) -> None:
        try:
            at = time.fromisoformat(self.texts[name])
            self.values[name] = at.hour * 60 + at.minute
        except ValueError:
            self.errors[name] = _("Write a time, like 21:00.")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
