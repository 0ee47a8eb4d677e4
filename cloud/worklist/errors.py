"""What can be wrong with an order."""


class NoSuchOrder(LookupError):
    """There is no order with this id in the chain."""


class NoSuchKind(ValueError):
    """The catalogue has no examination of this name."""


class NotPossible(ValueError):
    """The order is in a state that does not lead there: somebody was quicker."""
