"""Refusals of the clinic room."""

from collections.abc import Sequence
from typing import Any


class NoSuchEncounter(LookupError):
    """There is no such examination in this chain."""


class NoSuchVersion(LookupError):
    """The record had no version at that moment."""


class NoSuchRecall(LookupError):
    """There is no such recall in the stores one works in."""


class Unreadable(ValueError):
    """What was entered is no value of its field; the text says what would be."""


class UnknownPlace(LookupError):
    """There is no such field in this examination."""


class Locked(Exception):
    """The record is signed and no amendment is open."""


class NotYours(Exception):
    """Somebody else is writing; ``who`` says whom to ask, or take over from."""

    def __init__(self, who: int) -> None:
        super().__init__(who)
        self.who = who


class Outdated(Exception):
    """The draft has changed since this page was drawn."""


class AlreadyOpen(Exception):
    """There is an open draft already."""


class Unsignable(Exception):
    """The record cannot be signed as it stands; ``findings`` say why."""

    def __init__(self, findings: Sequence[Any]) -> None:
        super().__init__(len(findings))
        self.findings = findings


class SecondPersonNeeded(Exception):
    """A signed record is retracted by two people."""


class NothingToSign(Exception):
    """Nothing has been recorded, or nothing was changed by the amendment."""


class NotSigned(Exception):
    """Only a signed record can be amended or retracted."""


class WrongPassword(Exception):
    """The signature was not confirmed."""


class NoSuchProposal(LookupError):
    """No reading of this patient waits for this examination under that id."""


class NotAcceptable(Exception):
    """A reading cannot be taken over as it is; ``doubts`` say why."""

    def __init__(self, doubts: Sequence[Any]) -> None:
        super().__init__(len(doubts))
        self.doubts = doubts
