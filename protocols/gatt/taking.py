"""Takes a characteristic's value apart, field by field, and says what is wrong with it without quoting it."""

from datetime import datetime

from protocols.framing import Unread
from protocols.gatt.numbers import Number, flt, sfloat


class Fields:
    """What is left of a value. Every verb raises Unread when the value ends too early."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def u8(self) -> int:
        """One byte."""
        return self._take(1)[0]

    def u16(self) -> int:
        """Two bytes, little endian."""
        return int.from_bytes(self._take(2), "little")

    def s16(self) -> int:
        """Two bytes with a sign."""
        return int.from_bytes(self._take(2), "little", signed=True)

    def u24(self) -> int:
        """Three bytes."""
        return int.from_bytes(self._take(3), "little")

    def sfloat(self) -> Number:
        """A short number."""
        return sfloat(self._take(2))

    def flt(self) -> Number:
        """A long number."""
        return flt(self._take(4))

    def moment(self) -> "Moment":
        """Seven bytes of date and time."""
        return Moment(self._take(7))

    def done(self) -> None:
        """Nothing may be left: flags and length must agree. Raises Unread."""
        if self._at != len(self._raw):
            raise Unread("The value is longer than its flags say.", self._at)

    def _take(self, count: int) -> bytes:
        taken = self._raw[self._at : self._at + count]
        if len(taken) < count:
            raise Unread("The value is shorter than its flags say.", len(self._raw))
        self._at += count
        return taken


class Moment:
    """The device's clock, year to second; a year, month or day of zero is one it does not know."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._parts = (int.from_bytes(raw[:2], "little"), *raw[2:7])

    @property
    def known(self) -> bool:
        """Whether the clock was ever set."""
        return all(self._parts[:3])

    def when(self) -> datetime | None:
        """Without a zone, as the device has none; nothing when unset or no calendar has it."""
        year, month, day, hour, minute, second = self._parts
        try:
            return datetime(year, month, day, hour, minute, second)
        except ValueError:
            return None


def written(at: datetime) -> bytes:
    """Seven bytes for a device."""
    return at.year.to_bytes(2, "little") + bytes((at.month, at.day, at.hour, at.minute, at.second))


def current_time(at: datetime) -> bytes:
    """Ten bytes for the characteristic Current Time 2A2B: day of the week (Monday 1), no fractions, set by hand."""
    return written(at) + bytes((at.isoweekday(), 0, 1))
