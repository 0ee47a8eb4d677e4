"""Refusals of the queue; each changes nothing."""


class Refused(Exception):
    """Something that cannot be done."""


class NotDrawn(Refused):
    """This state does not follow that one. ``args``: machine, the state it is in, the one that was wanted."""


class Moved(Refused):
    """Somebody else was faster: it is not in the state any more that was seen."""


class NobodyWaits(Refused):
    """There is nobody to call."""


class NotPaid(Refused):
    """Something has to be paid first; an emergency passes with a reason. ``args[0]``: minor units due."""


class WantsReason(Refused):
    """This is done with a reason only."""


class HereAlready(Refused):
    """This person is in the store already, for the same thing. ``args``: number and ticket of the stay."""


class QuotaFull(Refused):
    """All registrations of this kind are given for today."""


class NoNumbers(Refused):
    """Every number of this letter has been given today."""


class NoSuch(Refused):
    """A station, a step, a stay or a kind that is not there."""


class TestsOpen(Refused):
    """Tests of this person are still to be done."""


class SamePerson(Refused):
    """A second pair of eyes has to look: not the one who did it."""


class HeldAway(Refused):
    """The store's gateway has the queue just now. ``args``: its name, and since when."""
