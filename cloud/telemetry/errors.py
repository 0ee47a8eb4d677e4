"""What may go wrong with figures."""


class NotToBeHad(RuntimeError):
    """The store of figures does not answer as it should."""
