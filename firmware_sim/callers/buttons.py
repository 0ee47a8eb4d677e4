"""Boxes with push buttons: a pad that says a byte for each key, and inputs that are asked by Modbus RTU."""

from dataclasses import dataclass, field

from firmware_sim.callers.line import checked, whole
from firmware_sim.wires.base import Wire

READ_INPUTS = 0x02


@dataclass
class Pad:
    """Says the key's byte when it is pressed; ``bounces`` is how often a worn contact says it more."""

    wire: Wire
    bounces: int = 0

    async def press(self, key: int) -> None:
        """Press a key."""
        for _ in range(1 + self.bounces):
            await self.wire.write(bytes((key,)))


@dataclass
class Inputs:
    """Dry contacts on a module; ``closed`` are those that are held down."""

    wire: Wire
    unit: int = 1
    count: int = 8
    closed: set[int] = field(default_factory=set)
    asked: int = 0

    async def run(self) -> None:
        """Until cancelled or put away."""
        held = b""
        async for said in self.wire:
            held += said
            if frame := whole(held):
                held = b""
                await self._answer(frame)

    async def _answer(self, frame: bytes) -> None:
        if frame[0] != self.unit or frame[1] != READ_INPUTS:
            return
        self.asked += 1
        first, count = int.from_bytes(frame[2:4]), int.from_bytes(frame[4:6])
        bits = sum(1 << at for at in range(count) if first + at in self.closed)
        data = bits.to_bytes(-(-count // 8), "little")
        await self.wire.write(checked(bytes((self.unit, READ_INPUTS, len(data))) + data))
