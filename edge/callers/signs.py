"""What shows a call by a few letters: customer displays, signs of one line, numeric displays."""

import asyncio
import re
from collections.abc import Callable

from edge.callers.device import WITHIN_S, Declined, Did, Fault, Wire
from edge.callers.settings import CallerSettings
from edge.links import Link
from protocols import alpha_sign, cd5220, modbus
from protocols.envelope.calls import Called

SHOWN = Did("shown")
ANSWER = 8  # bytes of the answer to a writing; a refusal has five
REFUSED = 5


def where(called: Called) -> str:
    """Where to, in the letters such devices have: the room's number, else the place as far as it is ASCII."""
    if called.room is not None:
        return str(called.room)
    return next((place for place in called.place.values() if place.isascii() and place.isprintable()), "")


def line(called: Called) -> str:
    """``A012 -> 3``."""
    return f"{called.ticket} -> {place}" if (place := where(called)) else called.ticket


class Sign:
    """A display that takes bytes and answers nothing; ``write`` makes them."""

    def __init__(self, name: str, wire: Wire, write: Callable[[Called], bytes]) -> None:
        self.name, self._wire, self._write = name, wire, write

    async def call(self, called: Called) -> Did:
        """Shown as far as the bytes were taken: it cannot say more. Raises Fault."""
        try:
            said = self._write(called)
        except ValueError as refusal:
            raise Declined(f"{self.name} cannot show this ticket: {refusal}. Call it by another device.") from None
        async with self._wire.open() as link:
            await self._wire.send(link, said)
        return SHOWN

    async def look(self) -> None:
        """Whether the wire opens; there is nothing it could be asked. Raises Fault."""
        async with self._wire.open():
            pass


class Numbers:
    """A numeric display that answers by Modbus RTU."""

    def __init__(self, name: str, wire: Wire, display: modbus.Display) -> None:
        self.name, self._wire, self._display = name, wire, display

    async def call(self, called: Called) -> Did:
        """Shown when the display has said so; as broadcast it says nothing. Raises Fault."""
        digits = re.sub(r"\D", "", called.ticket)
        try:
            said = modbus.shown(self._display, int(digits))
        except ValueError:
            raise Declined(f"{self.name} cannot show this ticket: it has {self._display.digits} digits only.") from None
        async with self._wire.open() as link:
            await self._wire.send(link, said)
            if self._display.unit:
                await self._confirmed(link, said)
        return SHOWN

    async def look(self) -> None:
        """As a sign. Raises Fault."""
        async with self._wire.open():
            pass

    async def _confirmed(self, link: Link, asked: bytes) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                modbus.answer(await _answer(link), asked)
        except TimeoutError:
            raise Fault(f"{self.name} does not answer. Check its power, its unit number and both wires.") from None
        except modbus.Refused as refusal:
            raise Fault(f"{self.name} refuses ({refusal}). Check base, function and form in its settings.") from None
        except ValueError:
            raise Fault(f"{self.name} answers in garbled bytes. Check baud and parity, and the line's ends.") from None


async def _answer(link: Link) -> bytes:
    """As many bytes as make an answer."""
    found = b""
    async for piece in link:
        found += piece
        if len(found) >= (REFUSED if len(found) > 1 and found[1] & 0x80 else ANSWER):
            break
    return found


def sign(settings: CallerSettings, wire: Wire) -> Sign:
    """A customer display or a sign, as the settings say."""
    if settings.kind == "alpha":
        return Sign(settings.name, wire, lambda called: _alpha(settings, called))
    return Sign(settings.name, wire, lambda called: _cd5220(settings, called))


def _alpha(settings: CallerSettings, called: Called) -> bytes:
    return alpha_sign.packet(alpha_sign.write_string(line(called), label=settings.label), address=settings.address)


def _cd5220(settings: CallerSettings, called: Called) -> bytes:
    place = called.place.get("en", "")
    lower = place if place.isascii() and place.isprintable() else ""
    return cd5220.show(line(called), lower, through_printer=settings.behind_printer)
