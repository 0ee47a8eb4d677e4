"""Refusals of the prescriptions room."""


class NoSuchPrescription(LookupError):
    """There is no such prescription in this chain."""


class NoSuchDraft(LookupError):
    """There is no such draft, or it is somebody else's."""


class DraftEnded(Exception):
    """The draft was issued or discarded already."""


class NotIssuable(Exception):
    """A finding refuses it or waits for a reason; ``findings`` says which."""

    def __init__(self, findings: object = ()) -> None:
        super().__init__("not issuable")
        self.findings = findings


class AlreadyEnded(Exception):
    """The prescription was superseded, cancelled or marked as an error already."""


class ReasonNeeded(ValueError):
    """Ending a prescription needs a reason in words."""


class SamePerson(Exception):
    """The second look must be somebody else's."""


class NoSuchToken(LookupError):
    """Nothing was ever printed with this code."""


class TooManyGuesses(Exception):
    """Too many wrong codes from one address."""


class Untrue(Exception):
    """The rows no longer say what was signed."""
