"""Words of the ways in: states of a day, refusals in sentences, names masked, codes to scan."""

from typing import Protocol

import segno
from flask import current_app, request
from flask_babel import gettext, pgettext
from markupsafe import Markup

from cloud.desk.wording import money, said
from cloud.queue.choices import Step
from cloud.queue.errors import HeldAway, HereAlready, Moved, NoNumbers, NoSuch, NotDrawn, QuotaFull, WantsReason
from cloud.web.filters import person_name

__all__ = ["code", "masked", "money", "priorities", "public", "refusal", "said", "states", "steps"]


class Named(Protocol):
    """Somebody with a name."""

    family_name: str
    given_name: str


def _(text: str, **words: object) -> str:
    return str(gettext(text, **words))


def masked(person: Named) -> str:
    """The first letter of a name and nothing else."""
    return f"{person_name(person)[:1]}…"


def public(path: str) -> str:
    """An address as the world knows it."""
    return str(current_app.config.get("PUBLIC_URL") or request.host_url).rstrip("/") + path


def code(address: str) -> Markup:
    """An address as a QR code."""
    drawn = segno.make(address, error="m", micro=False)
    # segno drew it of our own address; nobody's markup is in it
    return Markup(drawn.svg_inline(scale=4, border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704


def states() -> dict[str, str]:
    """How far somebody is whose visit is today."""
    return {
        "expected": _("Expected"),
        "late": _("Late"),
        "here": str(pgettext("visit", "Arrived")),
        "ticketless": _("Arrived, no ticket"),
        "with_us": _("With us"),
        "done": str(pgettext("visit", "Served")),
        "gone": _("Went away"),
        "absent": _("Did not come"),
    }


def steps() -> dict[str, str]:
    """What somebody does at a station."""
    served, away = _("is being seen"), _("is held for a while")
    return {
        **dict.fromkeys((Step.SERVING, Step.IN_ROOM, Step.EXAM_DRAFT, Step.REVIEWING, Step.SIGNED), served),
        **dict.fromkeys((Step.HELD, Step.ORDERS_PLACED), away),
        Step.PLANNED: _("comes next"),
        Step.WAITING: _("waits"),
        Step.RETURNED: _("waits, back from tests"),
        Step.CALLED: _("was called"),
        Step.MISSED: _("missed the call"),
    }


def priorities() -> list[tuple[int, str]]:
    """Who comes before whom."""
    return [(0, _("In turn")), (1, _("Before others: frail, or a small child")), (2, _("At once: an emergency"))]


def refusal(why: Exception) -> str:
    """Why something was not done, in a sentence; nothing was changed."""
    if isinstance(why, HereAlready):
        return _("This person is here already, with ticket %(ticket)s.", ticket=why.args[1])
    if isinstance(why, QuotaFull):
        return _("All %(count)s registrations of this kind are given for today.", count=why.args[0])
    return _plain()[type(why)]


def _plain() -> dict[type[Exception], str]:
    moved = _("Somebody was quicker: this ticket is in another state now, and nothing was changed.")
    return {
        NoNumbers: _("There are no more numbers of this letter today. Choose another kind."),
        WantsReason: _("Say why."),
        HeldAway: _("The store's gateway has the queue just now; nothing was changed. The board says more."),
        NotDrawn: moved,
        Moved: moved,
        NoSuch: _("This store has no station or kind for that. Look at its settings."),
    }
