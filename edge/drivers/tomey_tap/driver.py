"""TAP-2000: takes what the phoropter tells, and hands over lensmeter and autorefractor values before a refraction."""

import asyncio
from collections.abc import Mapping, Sequence

from edge.discovery import family
from edge.drivers.listener import Emit, Listener
from edge.links.base import Link, LinkLost
from edge.refusals import OrderRefused
from protocols.readings import Reading
from protocols.tomey_tap import USUAL_MODEL, Decoder, Preset, Unsendable, preset


class Driver(Listener):
    """One phoropter. ``settings``: ``model`` as in the manifest, the name it is addressed by."""

    confirms = False  # no answer of it is known

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
        self._model = _addressed(settings)
        self._link: Link | None = None
        self._one_at_a_time = asyncio.Lock()

    async def run(self, link: Link, emit: Emit) -> None:
        """Pump one open link until it closes; meanwhile something may be sent."""
        self._link = link
        try:
            await super().run(link, emit)
        finally:
            self._link = None

    async def send(self, readings: Sequence[Reading], patient_id: str) -> tuple[str, ...]:
        """Hand readings over; what of them was sent. Raises OrderRefused.

        No answer of the phoropter is known: that it was sent is all that can be told. The patient's number is not
        sent, because nobody knows its place.
        """
        made = self._made(readings)
        async with self._one_at_a_time:
            await self._write(made.message)
        return made.sent

    async def _write(self, message: bytes) -> None:
        if self._link is None:
            raise OrderRefused("the phoropter is not connected")
        try:
            await self._link.write(message)
        except LinkLost:
            raise OrderRefused("the phoropter was unplugged before it had the data") from None

    def _made(self, readings: Sequence[Reading]) -> Preset:
        try:
            return preset(readings, model=self._model)
        except Unsendable as refusal:
            raise OrderRefused(str(refusal)) from None


def _addressed(settings: Mapping[str, object]) -> str:
    """The name that stands in the first line, as the manifest writes it."""
    model = family("tomey_tap").model(str(settings.get("model", USUAL_MODEL)))
    return model.model if model else USUAL_MODEL
