"""Puts values of characteristics together until they are one measurement: a block."""

from collections.abc import Sequence

from protocols.framing import Unread
from protocols.gatt.block import Block
from protocols.gatt.body import continuous
from protocols.gatt.glucose import sequence, wants_context
from protocols.gatt.profiles import CONTEXT

Value = tuple[str, bytes]


class Gathering:
    """One connection to one device; ``about`` is what the device says of itself."""

    def __init__(self, profile: str, about: Sequence[Value] = ()) -> None:
        self._profile, self._about = profile, tuple(about)
        self._pending: Value | None = None

    @property
    def pending(self) -> bool:
        """Whether something waits for what belongs to it."""
        return self._pending is not None

    def take(self, characteristic: str, value: bytes) -> list[Block]:
        """A value arrived; the measurements that are whole now."""
        if characteristic == CONTEXT:
            return self._with_context(value)
        if characteristic == "2A5F":
            if _has_value(value):
                self._pending = characteristic, value
            return []
        before = self.rest()
        if characteristic == "2A18" and wants_context(value):
            self._pending = characteristic, value
            return before
        return [*before, self._block((characteristic, value))]

    def rest(self) -> list[Block]:
        """Nothing more is coming, or nothing came for a while."""
        pending, self._pending = self._pending, None
        return [self._block(pending)] if pending else []

    def _with_context(self, value: bytes) -> list[Block]:
        """With the measurement of the same number; a context whose measurement never came is nothing."""
        if self._pending is None or not _same(self._pending[1], value):
            return self.rest()
        measured, self._pending = self._pending, None
        return [self._block(measured, (CONTEXT, value))]

    def _block(self, *values: Value) -> Block:
        return Block(self._profile, (*self._about, *values))


def _has_value(value: bytes) -> bool:
    try:
        return "spo2_percent" in continuous(value).figures
    except Unread:
        return True  # kept, so that a person sees what cannot be read


def _same(measured: bytes, context: bytes) -> bool:
    try:
        return sequence(measured) == sequence(context)
    except Unread:
        return False
