"""What is printed for the person who mounts a box: QR, code, command, steps. Made while the code is known: once."""

from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from cloud.enrolment import codes
from cloud.enrolment.models import Claim

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Sheet:
    """``root`` is the fingerprint of the root that the box is to trust, empty where there is none yet."""

    claim: Claim
    code: str
    cloud: str
    root: str

    @property
    def typed(self) -> str:
        """The code in groups."""
        return codes.grouped(self.code)

    @property
    def command(self) -> str:
        """What is run on the box."""
        trust = f" --root-sha256 {self.root}" if self.root else ""
        return f"emmetra gateway enrol --cloud {self.cloud} --claim {self.typed}{trust}"

    @property
    def address(self) -> str:
        """What the QR says. A fragment is sent to nobody, so the code stands in no log."""
        return f"{self.cloud}/enrol#{urlencode({'claim': self.typed, 'root': self.root})}"

    @property
    def picture(self) -> Markup:
        """The QR as SVG."""
        drawn = segno.make(self.address, error="m", micro=False)
        # segno drew it of our own words; nobody's markup is in it
        return Markup(drawn.svg_inline(scale=4, border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704

    @property
    def steps(self) -> list[tuple[str, list[str]]]:
        """What to do, one step after the other, in every language that a store speaks."""
        return [(language, _steps(language)) for language in LANGUAGES]


def _steps(language: str) -> list[str]:
    with force_locale(language):
        return [
            _("Mount the box, and connect network, power and the instruments' cables."),
            _("Open a console on the box, or scan the code where its screen asks for it."),
            _("Run the command of this sheet. It makes the key on the box and fetches its certificate."),
            _("If it shows six letters, read them to the person who approves, and wait."),
            _("Confirm the instruments it has found. The gateway is online in the fleet: done."),
        ]
