"""Refusals of the readings room."""


class NoSuchReading(LookupError):
    """There is no such reading in this chain."""


class NoSuchLetter(LookupError):
    """There is no such dead letter in this chain."""


class Settled(Exception):
    """The dead letter was taken or set aside already."""


class ChairTaken(Exception):
    """Somebody else sits in that lane's chair."""


class NotFiled(Exception):
    """The reading belongs to nobody, or no longer to this patient, so there is nothing to decide."""


class NotSendable(Exception):
    """Nothing to send, or something that is rejected, another patient's, or nothing a phoropter takes."""


class TwoOfAKind(Exception):
    """A phoropter has one place for each kind of data."""
