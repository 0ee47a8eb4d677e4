"""What every caller promises, and why one could not do its part."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol

from edge.links import LineSettings, Link, LinkLost, LinkRefused, open_link
from protocols.envelope.calls import Called, Outcome

WITHIN_S = 3.0  # to open, and to say all that is to be said, each


class Did(NamedTuple):
    """What a caller did; ``why`` says what somebody should know of it all the same."""

    state: Outcome
    why: str = ""


class Fault(Exception):
    """A caller did not do its part: one sentence what is wrong, and one what to do. Nothing of a person is in it."""


class Declined(Fault):
    """This call alone was not carried out; the device itself is well."""


class Device(Protocol):
    """One caller."""

    async def call(self, called: Called) -> Did:
        """Show or say it; back when it was seen or heard. Raises Fault."""

    async def look(self) -> None:
        """Whether it would do its part. Raises Fault."""


class Wire:
    """The way to a device: opened for each use and closed after it, since many take one caller and drop an idle one."""

    def __init__(self, name: str, url: str, line: LineSettings, turn: asyncio.Lock) -> None:
        """``turn`` is shared by all devices on one wire."""
        self.name, self._url, self._line, self._turn = name, url, line, turn

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Link]:
        """The open wire, in turn. Raises Fault."""
        async with self._turn:
            link = await self._opened()
            try:
                yield link
            except LinkLost as loss:
                raise Fault(f"The connection to {self.name} broke: {loss}. Check its cable and try again.") from None
            finally:
                await link.aclose()

    async def _opened(self) -> Link:
        try:
            async with asyncio.timeout(WITHIN_S):
                return await open_link(self._url, self._line)
        except LinkRefused as refusal:
            raise Fault(f"{self.name} cannot be reached: {refusal}") from None
        except TimeoutError:
            raise Fault(
                f"{self.name} does not answer. Check that it is switched on and its network cable is in."
            ) from None

    async def send(self, link: Link, said: bytes) -> None:
        """All of it, and until a serial line has carried it: whoever closes one earlier waits in the system for it."""
        try:
            async with asyncio.timeout(WITHIN_S + self._lasting(said)):
                await link.write(said)
        except TimeoutError:
            raise Fault(f"{self.name} takes nothing. Check that it is switched on, and switch it off and on.") from None
        await asyncio.sleep(self._lasting(said))

    def _lasting(self, said: bytes) -> float:
        """Seconds on a serial line; a network is as fast as it is."""
        is_serial = self._url.startswith(("/", "serial:", "usb:"))
        return len(said) * 11 / self._line.baud if is_serial else 0.0
