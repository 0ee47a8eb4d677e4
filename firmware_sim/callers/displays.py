"""Displays: one that shows what it is sent, and a numeric one that answers by Modbus RTU."""

from dataclasses import dataclass, field

from firmware_sim.callers.line import checked, whole
from firmware_sim.wires.base import Wire


@dataclass
class Display:
    """A customer display or a sign: it takes bytes and says nothing."""

    wire: Wire
    heard: bytearray = field(default_factory=bytearray)

    async def run(self) -> None:
        """Until cancelled or put away."""
        async for said in self.wire:
            self.heard += said


@dataclass
class Numbers:
    """A numeric display; ``refuses`` is the code it answers every writing with."""

    wire: Wire
    unit: int = 1
    refuses: int = 0
    registers: dict[int, int] = field(default_factory=dict)

    async def run(self) -> None:
        """Until cancelled or put away."""
        held = b""
        async for said in self.wire:
            held += said
            if frame := whole(held):
                held = b""
                await self._answer(frame)

    async def _answer(self, frame: bytes) -> None:
        if frame[0] != self.unit:
            return
        if self.refuses:
            await self.wire.write(checked(bytes((self.unit, frame[1] | 0x80, self.refuses))))
            return
        first = int.from_bytes(frame[2:4])
        data = frame[4:6] if frame[1] == 6 else frame[7:-2]
        self.registers |= {first + at: int.from_bytes(data[2 * at : 2 * at + 2]) for at in range(len(data) // 2)}
        await self.wire.write(checked(frame[:6]))
