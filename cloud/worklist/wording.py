"""Words of orders, in the language of the page."""

from flask_babel import gettext as _

from cloud.web.languages import current_language
from cloud.worklist.catalogue import catalogue
from cloud.worklist.choices import Deed, State


def kinds() -> dict[str, str]:
    """Every examination that can be ordered, by key."""
    return {key: one.word(current_language()) for key, one in catalogue().kinds.items()}


def states() -> dict[str, str]:
    """How far an examination is."""
    return {
        State.WANTED: _("Ordered"),
        State.STARTED: _("Started"),
        State.PERFORMED: _("Performed"),
        State.DISCONTINUED: _("Discontinued"),
        State.DONE: _("Done"),
        State.CANCELLED: _("Cancelled"),
    }


def fields() -> dict[str, str]:
    """What of an order may change."""
    return {
        "kind": _("Examination"),
        "laterality": _("Eye"),
        "wanted_on": _("Day"),
        "wanted_time": _("Time"),
        "station": _("Station"),
        "remark": _("Remark"),
    }


def eyes() -> dict[str, str]:
    """Which eye."""
    return {"both": _("Both eyes"), "right": _("OD, right eye"), "left": _("OS, left eye"), "none": _("No eye")}


def deeds() -> dict[str, str]:
    """What was done to an order."""
    return {
        Deed.ORDERED: _("Ordered"),
        Deed.CHANGED: _("Changed"),
        Deed.STARTED: _("Started"),
        Deed.PERFORMED: _("Performed"),
        Deed.DISCONTINUED: _("Discontinued"),
        Deed.DONE: _("Done"),
        Deed.CANCELLED: _("Cancelled"),
        Deed.REOPENED: _("Ordered again"),
    }
