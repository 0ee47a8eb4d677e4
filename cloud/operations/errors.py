"""Refusals of the operations room."""


class NoSuchAlert(LookupError):
    """This chain has no alert with this id."""


class NoSuchBulk(LookupError):
    """This chain has no action with this id."""


class NoSuchInstrument(LookupError):
    """This chain has no instrument with this id."""


class NoSuchStore(LookupError):
    """This chain has no store with this id."""


class NoSuchRule(LookupError):
    """No alert is made by a rule of this name."""


class NoSuchService(LookupError):
    """The instrument has no such entry, or it has been struck already."""
