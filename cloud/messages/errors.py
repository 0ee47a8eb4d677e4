"""What can be wrong with a letter."""


class MessageError(ValueError):
    """Something about a letter does not hold."""


class NoSuchText(MessageError):
    """No template is called that, or it wants a word that was not given."""


class NoSuchLetter(MessageError):
    """There is no such letter in this chain."""


class NotAgain(MessageError):
    """This letter cannot be sent again."""


class Refused(MessageError):
    """The other side will not take this letter, now (``later``) or ever; ``said`` is the number of its answer."""

    def __init__(self, why: str, *, later: bool, said: str | None = None) -> None:
        super().__init__(why)
        self.why, self.later, self.said = why, later, said


class Doubtful(MessageError):
    """It was handed over, and nothing was heard of it."""
