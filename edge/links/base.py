"""What every link promises, whatever it is made of.

Bytes arrive by ``async for chunk in link`` in whatever pieces the wire gives. The iteration ends when the
far side hangs up or the link is closed here, and breaks with LinkLost when the wire fails. A link is its own
iterator: leaving the loop and coming back, or cancelling a wait (``wait_for(anext(aiter(link)), 2)``),
loses no byte. ``aclose`` may be called twice and from anywhere.
"""

from collections.abc import AsyncIterator, Callable
from typing import Protocol


class Link(Protocol):
    """An open wire to one instrument."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def write(self, data: bytes) -> None:
        """Send all of it. Raises LinkLost when it cannot be sent."""

    async def aclose(self) -> None:
        """Let go of the wire; iterations end."""


def once(source: object) -> str | None:
    """Under which name the next thing that comes from a link or a driver is told once, where it could come again."""
    name: Callable[[], str | None] | None = getattr(source, "once", None)
    return name() if name else None


class LinkLost(Exception):
    """The wire failed while in use; the supervisor opens it again."""


class LinkRefused(Exception):
    """The wire could not be opened: a plain sentence what is wrong, and what to do next.

    ``lasting`` says that waiting alone will not help (a wrong address, a missing permission).
    """

    def __init__(self, what: str, hint: str, *, lasting: bool = False) -> None:
        super().__init__(f"{what} {hint}")
        self.what = what
        self.hint = hint
        self.lasting = lasting
