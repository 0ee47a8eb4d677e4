"""NIDEK RT: takes what is printed, and hands over lensmeter and autorefractor values before a refraction."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

from edge.discovery import family
from edge.drivers.listener import Emit, Listener
from edge.links.base import Link, LinkLost
from edge.refusals import OrderRefused
from protocols.framing import Garbled, Request, Transmission
from protocols.nidek_rt import REQUEST_TO_SEND, Decoder, Preset, Unsendable, preset
from protocols.readings import Reading

ANSWER_S = 10.0


class Driver(Listener):
    """One phoropter. ``settings``: ``model`` as in the manifest; ``handshake`` ask (RS, SD, data) or direct."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
        self._asks = _handshake(settings) == "ask"
        self._with_id = _with_id(settings)
        self._link: Link | None = None
        self._invited: asyncio.Future[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def confirms(self) -> bool:
        """An invitation is the only sign it gives, and it invites only who asks."""
        return self._asks

    async def run(self, link: Link, emit: Emit) -> None:
        """Pump one open link until it closes; meanwhile something may be sent."""

        async def emitted(event: Transmission | Garbled) -> None:
            await emit(event)
            await self._ask_again(link)

        self._link = link
        try:
            await super().run(link, emitted)
        finally:
            self._link = None
            if self._invited and not self._invited.done():
                self._invited.set_exception(OrderRefused("the phoropter was unplugged before it had the data"))

    async def asked(self, request: Request, link: Link) -> None:
        """The phoropter will take what it was offered; an invitation that comes too late is of no use."""
        if self._invited and not self._invited.done():
            self._invited.set_result(None)

    async def send(self, readings: Sequence[Reading], patient_id: str) -> tuple[str, ...]:
        """Hand readings over; what of them was sent. Raises OrderRefused."""
        made = self._made(readings, patient_id)
        async with self._one_at_a_time:
            try:
                await self._hand_over(made.message)
            except LinkLost:
                raise OrderRefused("the phoropter was unplugged before it had the data") from None
        return made.sent

    def _made(self, readings: Sequence[Reading], patient_id: str) -> Preset:
        try:
            return preset(readings, patient_id=patient_id, with_id=self._with_id)
        except Unsendable as refusal:
            raise OrderRefused(str(refusal)) from None

    async def _hand_over(self, message: bytes) -> None:
        link = self._link
        if link is None:
            raise OrderRefused("the phoropter is not connected")
        if self._asks:
            await self._be_invited(link)
        await link.write(message)

    async def _be_invited(self, link: Link) -> None:
        self._invited = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_S):
                await link.write(REQUEST_TO_SEND)
                await self._invited
        except TimeoutError:
            raise OrderRefused(f"no answer from the phoropter in {ANSWER_S:g} s") from None
        finally:
            self._invited = None

    async def _ask_again(self, link: Link) -> None:
        """The line is half duplex: a question that met a print-out was not heard."""
        if self._invited and not self._invited.done():
            with contextlib.suppress(LinkLost):  # the next read tells, and no event behind this one is lost
                await link.write(REQUEST_TO_SEND)


def _handshake(settings: Mapping[str, object]) -> str:
    chosen = str(settings.get("handshake", "ask"))
    if chosen not in ("ask", "direct"):
        raise ValueError(f"handshake is {chosen!r}, expected ask or direct")
    return chosen


def _with_id(settings: Mapping[str, object]) -> bool:
    """Whether the model knows a block with the patient's number."""
    model = family("nidek_rt").model(str(settings.get("model", "")))
    return bool(settings.get("patient_block", model.settings.get("patient_block", True) if model else True))
