"""NIDEK frame: answers a request to send, takes what comes unasked, lets the quiet settle the rest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

from edge.discovery import family
from edge.links.base import Link, LinkLost
from protocols.framing import Event, Garbled, Request, Transmission
from protocols.nidek_frame import Decoder

Emit = Callable[[Transmission | Garbled], Awaitable[None]]

USUAL_CODE = "RK"  # most NIDEK instruments on a desk are autorefractor-keratometers


class Driver:
    """One instrument. ``settings``: ``model`` as in the manifest, or ``device_code`` to answer requests with."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        self._code = device_code(settings)
        Decoder(self._code)  # a code nobody knows is refused here, before a wire is opened

    async def run(self, link: Link, emit: Emit) -> None:
        """Pump one open link until it closes. Reconnecting is the supervisor's work."""
        decoder = Decoder(self._code)
        chunks = aiter(link)
        try:
            while (events := await _next(chunks, decoder)) is not None:
                await _pass_on(events, link, emit)
        except LinkLost:
            await _pass_on(_kept(decoder.silence()), link, emit)  # what the instrument said is kept
            raise
        await _pass_on(_kept(decoder.silence()), link, emit)


def device_code(settings: Mapping[str, object]) -> str:
    """What a request to send is answered with: as set, else as the model's, else the usual one."""
    if code := settings.get("device_code"):
        return str(code)
    model = family("nidek_frame").model(str(settings.get("model", "")))
    return str(model.settings.get("device_code", USUAL_CODE)) if model else USUAL_CODE


async def _next(chunks: AsyncIterator[bytes], decoder: Decoder) -> list[Event] | None:
    """The events of the next bytes, or of the quiet that came instead; nothing once the far side hung up."""
    try:
        async with asyncio.timeout(decoder.pause):
            return decoder.feed(await anext(chunks))
    except TimeoutError:
        return decoder.silence()
    except StopAsyncIteration:
        return None


async def _pass_on(events: Iterable[Event], link: Link, emit: Emit) -> None:
    """Emit what was measured even when an answer in between could not be sent."""
    lost: LinkLost | None = None
    for event in events:
        if not isinstance(event, Request):
            await emit(event)  # durable when it returns
            continue
        try:
            await link.write(event.reply)
        except LinkLost as failure:
            lost = failure
    if lost:
        raise lost


def _kept(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, Request)]
