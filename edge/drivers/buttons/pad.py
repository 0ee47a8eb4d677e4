"""A pad on a serial line that says one byte for each key."""

from collections.abc import Mapping

from edge.drivers.buttons.presses import Presses, Tell, keys
from edge.links.base import Link


class Pad:
    """``settings``: ``keys``, by the byte in hexadecimal. Other bytes are nobody's."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        self._presses = Presses(keys(settings, 16, 0xFF))

    async def run(self, link: Link, emit: Tell) -> None:
        """Listen until the link closes."""
        async for said in link:
            for one in said:
                await self._presses.heard(one, emit)
