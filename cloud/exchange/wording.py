"""Words of other systems, in the language of the page."""

from flask_babel import gettext as _

from cloud.exchange.choices import Kind, State, Why


def kinds() -> dict[str, str]:
    """What a system is spoken to with."""
    return {
        Kind.WEBHOOK: _("Signed webhook"),
        Kind.FHIR: _("FHIR R4 appointments"),
        Kind.CALDAV: _("CalDAV calendar"),
    }


def states() -> dict[str, str]:
    """How far a delivery is."""
    return {
        State.PENDING: _("Pending"),
        State.COMPLETE: _("Complete"),
        State.FAILED: _("Failed"),
        State.TIMED_OUT: _("Timed out"),
    }


def reasons() -> dict[str, str]:
    """Why a delivery waits or failed."""
    return {
        Why.NO_ANSWER: _("It was reached and did not answer in time."),
        Why.NOT_THERE: _("It could not be reached."),
        Why.REFUSED: _("It refused what it was told, or our credential no longer opens."),
        Why.BUSY: _("It had no time."),
        Why.NOT_ALLOWED: _("Its address is not a public one over HTTPS."),
    }


def deeds() -> dict[str, str]:
    """What became of a visit."""
    return {
        "booked": _("Booked"),
        "moved": _("Moved"),
        "cancelled": _("Cancelled"),
        "confirmed": _("Confirmed"),
        "arrived": _("Arrived"),
        "in_progress": _("In the room"),
        "completed": _("Completed"),
        "no_show": _("Did not come"),
    }
