"""What is entered on the pages of releases."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from cloud.releases.choices import FAIL_PERCENT, QUIET_PERCENT, SOAK_MINUTES


@dataclass
class Begin:
    """How a roll-out is to go: minutes to watch each ring, and the shares that stop it."""

    soak_minutes: str = str(SOAK_MINUTES)
    fail_percent: str = str(FAIL_PERCENT)
    quiet_percent: str = str(QUIET_PERCENT)
    errors: dict[str, list[str]] = field(default_factory=dict)

    LIMITS = {"soak_minutes": (1, 20_160), "fail_percent": (0, 100), "quiet_percent": (0, 100)}

    @classmethod
    def parse(cls, entered: Mapping[str, str]) -> "Begin":
        """Read the form; what cannot be is in ``errors``."""
        soak, fail, quiet = (entered.get(name, "").strip() for name in cls.LIMITS)
        form = cls(soak, fail, quiet)
        for name, (least, most) in cls.LIMITS.items():
            text = getattr(form, name)
            if not (text.isascii() and text.isdigit() and len(text) < 7 and least <= int(text) <= most):
                said = _("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
                form.errors[name] = [str(said)]
        return form

    def values(self) -> dict[str, int]:
        """As numbers, once there is no error."""
        return {name: int(getattr(self, name)) for name in self.LIMITS}
