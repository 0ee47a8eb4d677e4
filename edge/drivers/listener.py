"""What most drivers do: pump an open link through a decoder, answer requests, let the quiet settle the rest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from edge.links.base import Link, LinkLost
from protocols.framing import Event, Garbled, Request, Transmission

Emit = Callable[[Transmission | Garbled], Awaitable[None]]


class Decoder(Protocol):
    """A decoder that says how long a quiet means something."""

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""

    def feed(self, data: bytes) -> Sequence[Event]:
        """Take the next bytes."""

    def silence(self) -> Sequence[Event]:
        """The line has been quiet."""


class Listener:
    """One instrument that speaks when it wants to; a family adds its decoder."""

    def __init__(self, make: Callable[[], Decoder]) -> None:
        self._make = make

    async def run(self, link: Link, emit: Emit) -> None:
        """Pump one open link until it closes. Reconnecting is the supervisor's work."""
        decoder = self._make()
        chunks = aiter(link)
        whole = getattr(link, "whole", False)  # a link that hands over whole files never has a rest to wait for
        try:
            while (events := await _next(chunks, decoder, whole)) is not None:
                await self._pass_on(events, link, emit)
                decoder = self._make() if whole else decoder
        except LinkLost:
            await self._pass_on(_kept(decoder.silence()), link, emit)  # what the instrument said is kept
            raise
        await self._pass_on(_kept(decoder.silence()), link, emit)

    async def asked(self, request: Request, link: Link) -> None:
        """The instrument asks something. Raises LinkLost."""
        await link.write(request.reply)

    async def _pass_on(self, events: Iterable[Event], link: Link, emit: Emit) -> None:
        """Emit what was measured even when an answer in between could not be sent."""
        lost: LinkLost | None = None
        for event in events:
            if not isinstance(event, Request):
                await emit(event)  # durable when it returns
                continue
            try:
                await self.asked(event, link)
            except LinkLost as failure:
                lost = failure
        if lost:
            raise lost


async def _next(chunks: AsyncIterator[bytes], decoder: Decoder, whole: bool) -> list[Event] | None:
    """The events of the next bytes, or of the quiet that came instead; nothing once the far side hung up."""
    try:
        async with asyncio.timeout(decoder.pause):
            said = await anext(chunks)
    except TimeoutError:
        return list(decoder.silence())
    except StopAsyncIteration:
        return None
    if whole:  # megabytes of a table take seconds, and other instruments wait for their answers meanwhile
        return await asyncio.to_thread(_of_file, decoder, said)
    return list(decoder.feed(said))


def _of_file(decoder: Decoder, said: bytes) -> list[Event]:
    """A file that makes us stumble must not stand in the way of those behind it for ever; its bytes are kept."""
    try:
        return [*decoder.feed(said), *decoder.silence()]
    except Exception as failure:
        return [Garbled(said, f"Our own reader stumbled over this file ({type(failure).__name__}). Please report it.")]


def _kept(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, Request)]
