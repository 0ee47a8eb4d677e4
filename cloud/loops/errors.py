"""Refusals of the closed loop; each changes nothing."""

from cloud.queue.errors import Refused


class WrongIdentifiers(Refused):
    """What was typed or scanned is not this patient's; it is written into the audit."""


class NotChecked(Refused):
    """Something has to be looked at, and said to have been, before this."""


class MayNot(Refused):
    """Somebody with another right does this."""


class NotYours(Refused):
    """Only who ordered it has seen it."""


class NothingCame(Refused):
    """No result of it has come home."""


class Unreadable(Refused):
    """A code that says nothing, or a lot or expiry date that is none."""


class Expired(Refused):
    """This lot may not be handed out any more. ``args[0]``: its last day."""


class WrongCode(Refused):
    """The code of another medicine or lot than was picked."""


class StillToday(Refused):
    """It expires when its day is over, not before."""


class NobodyKnown(Refused):
    """Nobody knows yet who holds this ticket."""


class NotChosen(Refused):
    """Nothing was chosen, or an eye or amount that is none."""


class NotHere(Refused):
    """Nobody with this ticket is in the store."""


class NoStation(Refused):
    """The store has no such station open."""
