"""Words of letters, in the language of the page."""

from flask_babel import gettext as _

from cloud.messages.choices import Channel, Meaning, Purpose, State, Why


def shelves() -> dict[str, str]:
    """Parts of the list."""
    return {
        "all": _("All letters"),
        "waiting": _("Waiting"),
        "sent": _("Sent"),
        "stuck": _("Not sent"),
        "withdrawn": _("Withdrawn"),
    }


def states() -> dict[str, str]:
    """How far a letter is."""
    return {
        State.WAITING: _("Waiting"),
        State.SENDING: _("On its way"),
        State.SENT: _("Sent"),
        State.DENIED: _("Not allowed"),
        State.NOWHERE: _("No address"),
        State.WITHDRAWN: _("Withdrawn"),
        State.FAILED: _("Failed"),
        State.DOUBTFUL: _("In doubt"),
    }


def reasons() -> dict[str, str]:
    """Why a letter waits or was not sent."""
    return {
        Why.NO_CONTACT: _("Neither an e-mail address nor a mobile number is known. Add one to the patient's details."),
        Why.NO_PROVIDER: _("Nothing is set up that sends letters this way."),
        Why.OPTED_OUT: _("They have opted out of letters to this address."),
        Why.NO_CONSENT: _("They have not agreed to such letters."),
        Why.REFUSED_CONSENT: _("They have said no to such letters."),
        Why.DO_NOT_CONTACT: _("Their record says that they are not to be contacted."),
        Why.DECEASED: _("The person has died."),
        Why.MOVED_AWAY: _("They have moved to another practice."),
        Why.QUIET_HOURS: _("It waits for the end of the quiet hours."),
        Why.OTHER_TIME: _("It waits for the time of day they wished for."),
        Why.TOO_LATE: _("Its time was over before it could be sent."),
        Why.SERVER_AWAY: _("The mail server cannot be reached. It is tried again every minute, for two days."),
        Why.SERVER_BUSY: _("The mail server had no time for it."),
        Why.REFUSED: _("The mail server refuses this address."),
        Why.NOT_CONFIRMED: _("It was handed over and nobody confirmed it. It may have arrived, so it is not repeated."),
        Why.UNREADABLE: _("The address or a word of it cannot be written."),
    }


def channels() -> dict[str, str]:
    """How a letter travels."""
    return {Channel.EMAIL: _("E-mail"), Channel.PHONE: _("Text message")}


def purposes() -> dict[str, str]:
    """What a letter is for."""
    return {
        Purpose.CARE: _("Care"),
        Purpose.SERVICE: _("Service"),
        Purpose.MARKETING: _("Marketing"),
        Purpose.CODE: _("Code"),
    }


def templates() -> dict[str, str]:
    """What a letter says, in short."""
    return {
        "code": _("One-time code"),
        "visit_confirmed": _("Confirmation of a visit"),
        "visit_moved": _("New time of a visit"),
        "visit_person": _("Somebody else serves a visit"),
        "visit_rebook": _("Another time for a visit"),
        "visit_cancelled": _("Cancellation of a visit"),
        "visit_reminder": _("Reminder of a visit"),
        "visit_offer": _("Offer of a free time"),
        "request_asked": _("Request received"),
        "request_times": _("Times to choose from"),
        "request_declined": _("Request declined"),
    }


def steps() -> dict[str, str]:
    """What was decided about a letter, or became of it."""
    return {
        "written": _("Written"),
        "allow": _("May be sent"),
        "defer": _("Has to wait"),
        "deny": _("May not be sent"),
        "begun": _("Handed to the mail server"),
        "failed": _("Could not be sent"),
        "passed_on": _("Tried another way"),
        "again": _("Sent again by a colleague"),
        "sent": _("Sent"),
        "denied": _("Not sent"),
        "doubtful": _("In doubt"),
        "withdrawn": _("Withdrawn"),
    }


def outcomes() -> dict[str, str]:
    """What became of an answer."""
    return {
        "confirmed": _("The visit is confirmed."),
        "cancelled": _("The visit is cancelled."),
        "late": _("Too late to cancel by text; the desk was told."),
        "over": _("There is no such visit any more."),
        "stopped": _("No more letters go to this number."),
        "started": _("Letters go to this number again."),
        "to_staff": _("For you to read; nothing was changed."),
    }


def meanings() -> dict[str, str]:
    """What an answer means."""
    return {
        Meaning.CONFIRM: _("Confirms"),
        Meaning.CANCEL: _("Cancels"),
        Meaning.STOP: _("Opts out"),
        Meaning.START: _("Opts in"),
        Meaning.OTHER: _("Writes"),
    }
