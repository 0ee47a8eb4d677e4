"""A ticket printer: keeps what it prints and says how it is when asked (DLE EOT n), but never while it prints."""

import asyncio
from dataclasses import dataclass, field

from firmware_sim.wires.base import Wire

START, KNIFE = b"\x1b@", b"\x1dV\x00"
ASKED = b"\x10\x04"
WELL = 0x12
SAYS = {  # which bit of which answer; Epson's, as far as it is known
    "offline": {1: 0x08},
    "cover": {1: 0x08, 2: 0x04},
    "no paper": {1: 0x08, 2: 0x20, 4: 0x60},
    "little paper": {4: 0x0C},
    "cutter": {1: 0x08, 3: 0x08},
}


@dataclass
class Printer:
    """``trouble`` is what is wrong with it; ``after`` becomes that with the next ticket. ``mute`` answers nothing."""

    wire: Wire
    printing_s: float = 0.0
    trouble: str = ""
    after: str | None = None
    mute: bool = False
    mute_after: bool = False
    answers: frozenset[int] = frozenset(range(1, 5))
    tickets: list[bytes] = field(default_factory=list)
    asked: int = 0

    async def run(self) -> None:
        """Until cancelled or put away."""
        held = b""
        async for said in self.wire:
            held = await self._taken(held + said)

    async def _taken(self, held: bytes) -> bytes:
        """What is left of the bytes once everything whole is done."""
        while held:
            if held.startswith(ASKED) and len(held) >= 3:
                await self._answer(held[2])
                held = held[3:]
            elif held.startswith(START) and KNIFE in held:
                ticket, _, held = held.partition(KNIFE)
                await self._print(ticket + KNIFE)
            else:
                return held
        return held

    async def _print(self, ticket: bytes) -> None:
        await asyncio.sleep(self.printing_s)
        self.tickets.append(ticket)
        self.trouble = self.trouble if self.after is None else self.after
        self.mute = self.mute or self.mute_after

    async def _answer(self, cause: int) -> None:
        self.asked += 1
        if not self.mute and cause in self.answers:
            await self.wire.write(bytes((WELL | SAYS.get(self.trouble, {}).get(cause, 0),)))
