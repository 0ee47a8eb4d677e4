"""Refusals of the fleet room."""


class OrderUnderWay(Exception):
    """The instrument has an order that is not settled yet; a second one would cross it."""


class NoSuchPhoropter(LookupError):
    """The store has no phoropter of this id that takes data."""
