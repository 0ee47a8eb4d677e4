"""What can be wrong with another system."""


class ExchangeError(ValueError):
    """Something about another system does not hold."""


class NoSuchTarget(ExchangeError):
    """There is no such system in this chain."""


class NoSuchDelivery(ExchangeError):
    """There is no such delivery in this chain, or it is not over."""


class NoSuchKey(ExchangeError):
    """No such key or feed, or it has ended."""


class NotAllowed(ExchangeError):
    """That address is not to be spoken to."""


class Silent(ExchangeError):
    """Nothing was heard in time; ``reached`` says whether anybody was there at all."""

    def __init__(self, *, reached: bool) -> None:
        super().__init__("no answer")
        self.reached = reached
