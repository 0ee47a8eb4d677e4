"""A wire that is only a promise between two objects."""

from firmware_sim.wires.mailbox import Mailbox


class MemoryWire:
    """One end; ``far`` is the other."""

    def __init__(self) -> None:
        self._mailbox = Mailbox()
        self.far: MemoryWire | None = None

    def __aiter__(self) -> Mailbox:
        return self._mailbox

    async def write(self, data: bytes) -> None:
        """Hand it to the other end."""
        if self.far is not None:
            self.far._mailbox.put(bytes(data))

    async def aclose(self) -> None:
        """Both ends hear nothing more."""
        self._mailbox.close()
        if self.far is not None:
            self.far._mailbox.close()


def null_modem() -> tuple[MemoryWire, MemoryWire]:
    """Two ends of one wire."""
    ours, theirs = MemoryWire(), MemoryWire()
    ours.far, theirs.far = theirs, ours
    return ours, theirs
