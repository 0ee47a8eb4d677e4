"""Refusals of the imaging room."""


class NoSuchPicture(LookupError):
    """This patient has no such picture, or it is not this chain's."""


class NotDerived(LookupError):
    """The picture is there, but what was asked for was not made of it, or not yet."""


class NotHere(LookupError):
    """A reading names the picture; its bytes have not arrived."""


class BadMark(ValueError):
    """A mark has a shape, points or words that no mark has."""


class TooManyMarks(Exception):
    """There are as many marks beside this picture as it can bear."""
