"""Refusals of the fleet room."""


class OrderUnderWay(Exception):
    """The instrument has an order that is not settled yet; a second one would cross it."""


class NoSuchPhoropter(LookupError):
    """The store has no phoropter of this id that takes data."""


class NotAnOrder(ValueError):
    """Nothing that can be ordered of this gateway."""


class NoSuchOrder(LookupError):
    """The gateway was never given this order."""


class AlreadySent(Exception):
    """The order has left; it can no longer be taken back."""


class NoSuchFile(LookupError):
    """The order brought no file, or it is not kept any more, or not whole."""
