"""What states, deeds, links and refusals are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cloud.accounts.choices import May
from cloud.loops import errors
from cloud.loops.chain import CHECK_UP, DISPENSARY
from cloud.loops.guards import RIGHTS
from cloud.queue import errors as queue
from cloud.queue.models import Task


@dataclass(frozen=True, slots=True)
class Word:
    """A state as a pill: its hue, its icon."""

    kind: str
    word: object
    icon: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something one may press; ``form`` names what is asked before."""

    becomes: str
    word: object
    icon: str
    kind: str = ""
    form: str = ""


STATES: Mapping[str, Word] = {
    "drafted": Word("none", _l("Drafted"), icon="circle-dashed"),
    "ordered": Word("info", _l("Ordered"), icon="clipboard-list"),
    "awaiting_payment": Word("warning", _l("To be paid"), icon="coin"),
    "authorised": Word("info", _l("Cleared"), icon="check"),
    "queued": Word("info", _l("Waits"), icon="hourglass"),
    "identified": Word("good", _l("Identified"), icon="user-check"),
    "in_progress": Word("good", _l("Being measured"), icon="microscope"),
    "captured": Word("warning", _l("Result is here"), icon="inbox"),
    "repeat_requested": Word("warning", _l("To be repeated"), icon="refresh"),
    "validated": Word("good", _l("Result checked"), icon="clipboard-check"),
    "published": Word("info", _l("Published"), icon="send"),
    "seen": Word("info", _l("Seen by the orderer"), icon="eye-check"),
    "told": Word("good", _l("Patient knows"), icon="message-check"),
    "closed": Word("none", _l("Closed"), icon="checks"),
    "refused": Word("danger", _l("Refused"), icon="ban"),
    "cancelled": Word("none", _l("Cancelled"), icon="x"),
    "expired": Word("none", _l("Expired"), icon="clock-x"),
    "prescribed": Word("info", _l("Prescribed"), icon="pill"),
    "clinical_check": Word("warning", _l("Being checked"), icon="stethoscope"),
    "reserved": Word("info", _l("To be picked"), icon="package"),
    "picked": Word("warning", _l("Waits for the second check"), icon="users"),
    "second_check": Word("good", _l("Checked twice"), icon="shield-check"),
    "labelled": Word("good", _l("Labelled"), icon="tag"),
    "handed_out": Word("good", _l("Handed out"), icon="hand-grab"),
    "counselled": Word("good", _l("Explained"), icon="message-check"),
    "returned": Word("warning", _l("Came back"), icon="arrow-back-up"),
    "inspected": Word("warning", _l("Inspected"), icon="list-search"),
    "restocked": Word("none", _l("Back in stock"), icon="packages"),
    "destroyed": Word("none", _l("Destroyed"), icon="trash"),
}

_CANCEL = Deed("cancelled", _l("Cancel"), icon="x", form="reason")
_REFUSE = Deed("refused", _l("Refuse"), icon="ban", form="reason")
_RETURN = Deed("returned", _l("Came back"), icon="arrow-back-up", form="reason")
# What is offered in a state; the machines and the guards decide what is possible.
DEEDS: Mapping[tuple[str, str], tuple[Deed, ...]] = {
    (CHECK_UP, "awaiting_payment"): (_CANCEL,),
    (CHECK_UP, "queued"): (
        Deed("identified", _l("Identify"), icon="user-scan", kind="primary", form="identify"),
        _REFUSE,
        _CANCEL,
    ),
    (CHECK_UP, "identified"): (
        Deed("in_progress", _l("Begin"), icon="microscope", kind="primary", form="checks"),
        _REFUSE,
    ),
    (CHECK_UP, "in_progress"): (
        Deed("captured", _l("Result is here"), icon="inbox"),
        Deed("repeat_requested", _l("Repeat"), icon="refresh", form="reason"),
        _CANCEL,
    ),
    (CHECK_UP, "captured"): (
        Deed("validated", _l("Result is good"), icon="clipboard-check", kind="primary"),
        Deed("repeat_requested", _l("Repeat"), icon="refresh", form="reason"),
    ),
    (CHECK_UP, "repeat_requested"): (Deed("queued", _l("Back in line"), icon="hourglass", kind="primary"), _CANCEL),
    (CHECK_UP, "validated"): (Deed("published", _l("Publish"), icon="send", kind="primary"),),
    (CHECK_UP, "published"): (Deed("seen", _l("Seen"), icon="eye-check", kind="primary"),),
    (CHECK_UP, "seen"): (Deed("told", _l("Told to the patient"), icon="message-check", kind="primary", form="how"),),
    (CHECK_UP, "told"): (Deed("closed", _l("Close"), icon="checks", kind="primary"),),
    (DISPENSARY, "prescribed"): (
        Deed("clinical_check", _l("Begin the check"), icon="stethoscope", kind="primary"),
        _CANCEL,
    ),
    (DISPENSARY, "clinical_check"): (
        Deed("reserved", _l("Passes the check"), icon="check", kind="primary", form="looked"),
        _REFUSE,
        _CANCEL,
    ),
    (DISPENSARY, "awaiting_payment"): (_CANCEL,),
    (DISPENSARY, "reserved"): (Deed("picked", _l("Pick"), icon="package", kind="primary", form="pick"), _CANCEL),
    (DISPENSARY, "picked"): (
        Deed("second_check", _l("Second check is good"), icon="shield-check", kind="primary"),
        Deed("reserved", _l("Pick again"), icon="arrow-back-up"),
        _CANCEL,
    ),
    (DISPENSARY, "second_check"): (
        Deed("labelled", _l("Label is on it"), icon="tag", kind="primary"),
        Deed("reserved", _l("Pick again"), icon="arrow-back-up"),
    ),
    (DISPENSARY, "labelled"): (
        Deed("handed_out", _l("Hand out"), icon="hand-grab", kind="primary", form="hand"),
        _CANCEL,
    ),
    (DISPENSARY, "handed_out"): (
        Deed("counselled", _l("Explained"), icon="message-check", kind="primary"),
        _RETURN,
    ),
    (DISPENSARY, "counselled"): (Deed("closed", _l("Close"), icon="checks", kind="primary"), _RETURN),
    (DISPENSARY, "closed"): (_RETURN,),
    (DISPENSARY, "returned"): (Deed("inspected", _l("Inspected"), icon="list-search", kind="primary"),),
    (DISPENSARY, "inspected"): (
        Deed("restocked", _l("Back in stock"), icon="packages", form="reason"),
        Deed("destroyed", _l("Destroyed"), icon="trash", form="reason"),
    ),
}
_PAY_FIRST = Deed("awaiting_payment", _l("Passes the check, to be paid"), icon="coin", kind="primary", form="looked")


def deeds(task: Task, may: frozenset[May], mine: int, *, clear: bool) -> list[Deed]:
    """What this person may press for a task; ``clear`` where nothing is to be paid any more."""
    offered = [one for one in DEEDS.get((task.machine, task.state), ()) if _is_offered(one, task, may, mine)]
    if task.state != "clinical_check" or clear:
        return offered
    return [_PAY_FIRST if one.becomes == "reserved" else one for one in offered]


def _is_offered(one: Deed, task: Task, may: frozenset[May], mine: int) -> bool:
    right = RIGHTS.get((task.machine, task.state, one.becomes))
    whose = one.becomes != "seen" or task.asked_by == mine
    return (right is None or right in may) and whose and (one.becomes != "second_check" or task.picked_by != mine)


def kinds() -> dict[str, str]:
    """The two chains."""
    return {CHECK_UP: _("Tests"), DISPENSARY: _("Medicines")}


def nexts() -> dict[str, str]:
    """Who is waited for."""
    return {
        "orderer": _("whoever ordered it"),
        "cashier": _("the cashier"),
        "check_up": _("the check-up station"),
        "releaser": _("somebody who may release results"),
        "teller": _("whoever tells the patient"),
        "pharmacy": _("the dispensary"),
        "pharmacist": _("a clinician at the dispensary"),
        "second": _("a second person at the dispensary"),
    }


def links() -> dict[str, str]:
    """Links of the chain."""
    return {
        **{"ordered": _("ordered"), "charged": _("charged"), "done": _("done"), "reported": _("reported")},
        **{"seen": _("seen"), "told": _("told"), "prescribed": _("prescribed"), "checked": _("checked")},
        **{"prepared": _("prepared"), "handed_out": _("handed out"), "explained": _("explained")},
    }


def ages() -> list[tuple[str, str]]:
    """How old an open loop is at least, in hours."""
    return [
        *[("", _("Any age")), ("1", _("Over an hour")), ("4", _("Over four hours"))],
        *[("24", _("Over a day")), ("168", _("Over a week"))],
    ]


def eyes() -> dict[str, str]:
    """Which eye."""
    return {"both": _("Both eyes"), "right": _("OD, right eye"), "left": _("OS, left eye"), "": _("No eye")}


def refusal(found: queue.Refused) -> str:
    """What happened, what is safe, what to do."""
    said = _ours(found) or _queues(found)
    return said or str(_("That is not possible. Nothing was changed."))


def _ours(found: queue.Refused) -> str:
    words = {
        errors.WrongIdentifiers: _(
            "That is not this patient, or the record has no birth date. Nothing was changed; the attempt is kept."
        ),
        errors.NotChecked: _("Say first that it was looked at. Nothing was changed."),
        errors.MayNot: _("Somebody with another right does this. Nothing was changed."),
        errors.NotYours: _("Only who ordered it can say that it was seen. Nothing was changed."),
        errors.NothingCame: _(
            "No result has come home yet. Where none comes by itself, mark the order as done on the worklist."
        ),
        errors.Unreadable: _("That is no code with lot and expiry date. Scan it again, or type both."),
        errors.Expired: _("This lot has expired. Take another; nothing was changed."),
        errors.WrongCode: _("That is not the box that was picked. Nothing was handed out."),
        errors.StillToday: _("It expires by itself when its day is over. Cancel it with a reason instead."),
        errors.NobodyKnown: _("Nobody knows yet who holds this ticket. The desk can say so."),
        errors.NotChosen: _("Choose at least one; an amount is a number from 0 on. Nothing was ordered."),
        errors.NotHere: _("Nobody with this ticket is in the store today."),
        errors.NoStation: _("This store has no open station for it. Whoever plans the store can open one."),
    }
    return str(words.get(type(found), ""))


def _queues(found: queue.Refused) -> str:
    words = {
        queue.Moved: _("A colleague was quicker: the list shows how it stands now. Nothing of yours was changed."),
        queue.NotDrawn: _(
            "That cannot follow from how it stands now; nothing was changed. The list shows how it stands."
        ),
        queue.NotPaid: _(
            "Something is still to be paid. Send them to the cashier, or let an emergency pass with a reason."
        ),
        queue.WantsReason: _("This needs a reason. Nothing was changed."),
        queue.HeldAway: _("The store's gateway has the queue just now; nothing was changed. The board says more."),
        queue.SamePerson: _("A second person has to check this: not the one who picked it."),
    }
    return str(words.get(type(found), ""))
