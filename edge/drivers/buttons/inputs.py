"""Dry contacts on a module that is asked by Modbus RTU, function 02, ten times a second.

A press is the moment at which a contact closes; one that is closed when we come is no press, and one that stays closed
is one press. Between two questions lie far more than the 3.5 characters of silence that the line needs.
"""

import asyncio
from collections.abc import Mapping

from edge.drivers.buttons.presses import Presses, Tell, keys
from edge.links.base import Link, LinkLost
from protocols import modbus

EVERY_S = 0.1
ANSWER_S = 0.5
PATIENCE = 5  # questions without an answer, until the module is lost


class Inputs:
    """``settings``: ``keys``, by the number of the input from 0, and the ``unit``."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        self._keys = keys(settings, 10, 255)
        self._unit = int(str(settings.get("unit", 1)))
        if not 1 <= self._unit <= 247:
            raise ValueError("unit is a whole number from 1 to 247")
        self._presses = Presses(self._keys)

    async def run(self, link: Link, emit: Tell) -> None:
        """Ask until the link closes. Raises LinkLost when nobody answers."""
        before: tuple[bool, ...] | None = None
        missed = 0
        while missed < PATIENCE:
            now = await self._asked(link)
            missed = missed + 1 if now is None else 0
            if now is not None and before is not None:
                for at in [n for n, (was, is_) in enumerate(zip(before, now, strict=True)) if is_ and not was]:
                    await self._presses.heard(at, emit)
            before = before if now is None else now
            await asyncio.sleep(EVERY_S)
        raise LinkLost(f"unit {self._unit} does not answer; check its power, its number and both wires")

    async def _asked(self, link: Link) -> tuple[bool, ...] | None:
        """Every contact, or nothing where the answer did not come or cannot be read."""
        count = max(self._keys) + 1
        asked = modbus.read_inputs(self._unit, 0, count)
        await link.write(asked)
        try:
            async with asyncio.timeout(ANSWER_S):
                return modbus.bits(modbus.answer(await _answer(link, 5 + -(-count // 8)), asked), count)
        except (TimeoutError, ValueError):
            return None


async def _answer(link: Link, size: int) -> bytes:
    """As many bytes as make an answer; a refusal is one of five. Raises LinkLost."""
    found = b""
    async for piece in link:
        found += piece
        if len(found) >= (5 if len(found) > 1 and found[1] & 0x80 else size):
            return found
    raise LinkLost("the line hung up")
