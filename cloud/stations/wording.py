"""What states, deeds and refusals are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cloud.calls.choices import Fate, Who
from cloud.queue import errors
from cloud.queue.choices import Step as State


@dataclass(frozen=True, slots=True)
class Word:
    """A state as a pill: its hue, its icon."""

    kind: str
    word: object
    icon: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something one may press; what is ``rare`` stands behind a button of its own."""

    becomes: str
    word: object
    icon: str
    kind: str = ""
    reason: bool = False
    rare: bool = False


STATES: Mapping[str, Word] = {
    State.PLANNED: Word("none", _l("Later"), icon="clock"),
    State.WAITING: Word("info", _l("Waits"), icon="hourglass"),
    State.CALLED: Word("warning", _l("Called"), icon="speakerphone"),
    State.MISSED: Word("danger", _l("Did not come"), icon="user-question"),
    State.HELD: Word("none", _l("On hold"), icon="player-pause"),
    State.SERVING: Word("good", _l("Being served"), icon="user-check"),
    State.DONE: Word("none", _l("Done"), icon="check"),
    State.SKIPPED: Word("none", _l("Skipped"), icon="player-skip-forward"),
    State.MOVED: Word("none", _l("Went on elsewhere"), icon="arrow-right"),
    State.LEFT: Word("none", _l("Has left"), icon="door-exit"),
    State.CANCELLED: Word("none", _l("Cancelled"), icon="x"),
    State.IN_ROOM: Word("good", _l("In the room"), icon="user-check"),
    State.EXAM_DRAFT: Word("good", _l("Being examined"), icon="stethoscope"),
    State.ORDERS_PLACED: Word("info", _l("At tests"), icon="clipboard-list"),
    State.RETURNED: Word("info", _l("Back from tests"), icon="hourglass"),
    State.REVIEWING: Word("good", _l("Results are discussed"), icon="user-check"),
    State.SIGNED: Word("good", _l("Signed"), icon="writing-sign"),
    State.DISCHARGED: Word("none", _l("Discharged"), icon="check"),
}

_LEAVE = Deed(State.LEFT, _l("Has left"), icon="door-exit", rare=True)
_HOLD = Deed(State.HELD, _l("Hold"), icon="player-pause", reason=True, rare=True)
_BACK = Deed(State.WAITING, _l("Back in line"), icon="arrow-back-up")
_SKIP = Deed(State.SKIPPED, _l("Skip"), icon="player-skip-forward", reason=True, rare=True)
# What is offered in a state; the machines decide what is possible, these are the ones with a use of their own.
DEEDS: Mapping[tuple[str, str], tuple[Deed, ...]] = {
    ("counter", State.WAITING): (Deed(State.SERVING, _l("Take in"), icon="user-check"), _HOLD, _SKIP, _LEAVE),
    ("counter", State.CALLED): (Deed(State.SERVING, _l("Is here"), icon="user-check", kind="primary"), _BACK, _LEAVE),
    ("counter", State.SERVING): (Deed(State.DONE, _l("Done"), icon="check", kind="primary"), _HOLD, _BACK),
    ("counter", State.HELD): (_BACK, Deed(State.SERVING, _l("Take in"), icon="user-check"), _LEAVE),
    ("counter", State.MISSED): (_BACK, _LEAVE),
    ("doctor", State.WAITING): (Deed(State.IN_ROOM, _l("Take in"), icon="user-check"), _HOLD, _SKIP, _LEAVE),
    ("doctor", State.CALLED): (Deed(State.IN_ROOM, _l("Is here"), icon="user-check", kind="primary"), _BACK, _LEAVE),
    ("doctor", State.IN_ROOM): (
        Deed(State.DISCHARGED, _l("Nothing to examine"), icon="door-exit", reason=True, rare=True),
        _HOLD,
        _BACK,
    ),
    ("doctor", State.EXAM_DRAFT): (Deed(State.SIGNED, _l("Signed"), icon="writing-sign", kind="primary"),),
    ("doctor", State.ORDERS_PLACED): (Deed(State.REVIEWING, _l("Is back"), icon="user-check"), _LEAVE),
    ("doctor", State.RETURNED): (Deed(State.REVIEWING, _l("Take in"), icon="user-check"), _LEAVE),
    ("doctor", State.REVIEWING): (Deed(State.SIGNED, _l("Signed"), icon="writing-sign", kind="primary"),),
    ("doctor", State.SIGNED): (Deed(State.DISCHARGED, _l("Discharge"), icon="check", kind="primary"),),
    ("doctor", State.HELD): (_BACK, _LEAVE),
    ("doctor", State.MISSED): (_BACK, _LEAVE),
}


def deeds(machine: str, state: str) -> tuple[Deed, ...]:
    """What one may press for somebody in this state."""
    return DEEDS.get((machine, state), ())


def refusal(found: errors.Refused) -> str:
    """What happened, what is safe, what to do."""
    match found:
        case errors.NobodyWaits():
            return str(_("Nobody waits whom you could call. The list shows who is on hold, away or has to pay."))
        case errors.Moved():
            return str(_("A colleague was quicker: the list shows how it stands now. Nothing of yours was changed."))
        case errors.NotDrawn():
            return str(
                _("That cannot follow from how it stands now; nothing was changed. The list shows how it stands.")
            )
        case errors.NotPaid():
            return str(
                _("Something is still to be paid. Send them to the cashier, or let an emergency pass with a reason.")
            )
        case errors.WantsReason():
            return str(_("This needs a reason. Nothing was changed."))
        case errors.TestsOpen():
            return str(_("Tests are still to be done. Do them or cancel them with a reason; nothing was changed."))
        case errors.SamePerson():
            return str(_("A second person has to check this: not the one who picked it."))
        case errors.HeldAway():
            return str(_("The store's gateway has the queue just now; nothing was changed. See the top of the page."))
    return str(_("That is not possible. Nothing was changed."))


def kept_what(what: str) -> str:
    """What a gateway did."""
    said: Mapping[str, str] = {
        "came": _("was taken in"),
        "called": _("was called"),
        "moved": _("went on"),
        "sent": _("was sent to another station"),
        "cleared": _("paid, or was let pass"),
    }
    return said.get(what, "")


def kept_why(why: str) -> str:
    """Why it does not count."""
    said: Mapping[str, str] = {
        "moved": _("Here it stood otherwise by then."),
        "not_drawn": _("That cannot follow from how it stood here."),
        "number": _("The number was not the gateway's to give, or was given already."),
        "money": _("More than is due, or nothing."),
        "gateway": _("The queue was given to another gateway meanwhile, or to none."),
    }
    return said.get(why, str(_("Here nobody knows of it.")))


def whos() -> list[tuple[str, str]]:
    """What screens and voices may say beside the number."""
    return [
        (Who.NUMBER, _("The number alone")),
        (Who.MASKED, _("The number and a masked name (O., 张*)")),
        (Who.SURNAME, _("The number and the family name")),
    ]


def fates() -> Mapping[str, Word]:
    """How a caller fared."""
    return {
        Fate.WAITING: Word("none", _("on its way"), icon="clock"),
        Fate.PRINTED: Word("good", _("printed"), icon="printer"),
        Fate.SHOWN: Word("good", _("shown"), icon="device-tv"),
        Fate.SPOKEN: Word("good", _("spoken"), icon="volume"),
        Fate.FAILED: Word("danger", _("failed"), icon="alert-triangle"),
    }


def minutes(seconds: float) -> str:
    """A duration as people say it."""
    return str(_("%(count)s min", count=int(seconds // 60)))
