"""What can go wrong with blobs."""


class NoSuchBlob(LookupError):
    """This chain has no such bytes."""


class Damaged(ValueError):
    """What is stored is not what was kept."""


class NoKey(ValueError):
    """The installation's keys given do not open this chain's."""


class NoTicket(LookupError):
    """Nobody gave this ticket, or its time is over."""


class WrongOffset(ValueError):
    """The upload stands elsewhere."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the upload stands at {offset}")
        self.offset = offset


class TooLong(ValueError):
    """More bytes than were offered."""


class StoreAway(OSError):
    """The store does not answer, or refuses."""
