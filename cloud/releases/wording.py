"""Words for codes of the releases room, in the reader's language."""

from collections.abc import Mapping

from flask_babel import gettext as _


def state(verb: str) -> str:
    """How far a roll-out is, by its last step."""
    words = {
        "started": _("Beginning"),
        "ring": _("Rolling out"),
        "resumed": _("Rolling out"),
        "paused": _("Paused"),
        "stopped": _("Stopped"),
        "going_back": _("Going back"),
        "gone_back": _("Gone back"),
        "finished": _("Finished"),
    }
    return str(words.get(verb, verb))


def step(verb: str, why: str | None, ring: int | None, numbers: Mapping[str, int]) -> str:
    """What happened in a step, as a sentence."""
    if verb == "ring":
        return str(_("Ring %(number)s begins.", number=(ring or 0) + 1))
    if verb == "stopped" and why in ("failed", "quiet"):
        return stop(why, numbers)
    words = {
        "started": _("The roll-out was started."),
        "paused": _("Paused: no further gateway is told."),
        "resumed": _("Resumed."),
        "stopped": _("Stopped by hand."),
        "going_back": _("Going back was ordered."),
        "gone_back": _("Every gateway was told to go back."),
        "finished": _("Every ring is done."),
    }
    return str(words.get(verb, verb))


def stop(why: str, numbers: Mapping[str, int]) -> str:
    """Why it stopped by itself, with the numbers it was decided by."""
    told = numbers.get("told", 0)
    if why == "failed":
        return str(
            _(
                "Stopped by itself: %(failed)s of %(told)s went back or refused.",
                failed=numbers.get("failed"),
                told=told,
            )
        )
    return str(_("Stopped by itself: %(quiet)s of %(told)s fell silent.", quiet=numbers.get("quiet"), told=told))


def refused(code: str, what: str) -> str:
    """Why a release was not taken in, and what to do."""
    words = {
        "no_keys": _("This cloud knows no key that signs releases. Its operator sets EMMETRA_RELEASE_KEYS."),
        "unsigned": _(
            "The signature is not by a key this cloud knows. Nothing was taken in; ask who made the release."
        ),
        "unreadable": _("The manifest cannot be read by this cloud: %(what)s", what=what),
        "incomplete": _("The archive %(what)s is missing. Choose every file of the release.", what=what),
        "damaged": _("%(what)s is not as it was signed. Copy it once more from where it was made.", what=what),
    }
    return str(words.get(code, code))


def rings_refused(code: str) -> str:
    """Why rings cannot be so."""
    if code == "numbers":
        return str(_("Write whole numbers such as 1 10 50 100."))
    return str(_("Write up to ten rising shares from 1 to 100; the last has to be 100."))


def told(what: str) -> str:
    """A line in the history of a gateway's software."""
    words = {
        "told": _("Was told to take it"),
        "told_back": _("Was told to go back"),
        "update_committed": _("Runs"),
        "update_returned": _("Did not hold; went back"),
        "update_refused": _("Refused"),
    }
    return str(words.get(what, what))
