"""What can go wrong while somebody books by themselves."""


class DirectError(ValueError):
    """Something about a booking by oneself does not hold."""


class NoSuchDoor(DirectError):
    """There is no such store, or it does not book online."""


class FlowOver(DirectError):
    """Nobody has begun here, or it was too long ago."""


class NotOurs(DirectError):
    """A form that was not made for this browser, or too long ago."""


class TooFast(DirectError):
    """A form that came back sooner than anybody can read it, or with what no person sees filled in."""


class TooMany(DirectError):
    """Asked too often, from one address or for one contact."""


class NoContact(DirectError):
    """Neither an e-mail address nor a telephone number."""


class CodeOver(DirectError):
    """The code has ended, or was tried too often."""


class TooManyOpen(DirectError):
    """Somebody has as many visits ahead as one may book."""


class NotTheirs(DirectError):
    """A person, a type or a time that this browser was not offered."""
