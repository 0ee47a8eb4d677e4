"""The instrument's end of a wire. The same three verbs everywhere; whoever hangs on the far side is a stranger."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable


class Wire(Protocol):
    """Bytes both ways. Cancelling a wait for bytes loses none; writing while nobody listens loses them."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def write(self, data: bytes) -> None:
        """Say it, whether or not anybody listens: a serial port does not know."""

    async def aclose(self) -> None:
        """Put the instrument away."""


@runtime_checkable
class Pluggable(Protocol):
    """A wire whose plug can be pulled."""

    async def unplug(self) -> None:
        """Pull the plug: the far side loses its port."""

    async def replug(self) -> None:
        """Put the plug back in the same place."""
