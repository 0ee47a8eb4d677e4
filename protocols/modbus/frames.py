"""Questions and answers with their check."""

from collections.abc import Sequence
from dataclasses import dataclass

READ_INPUTS, WRITE_ONE, WRITE_SOME = 0x02, 0x06, 0x10
BROADCAST = 0  # everybody hears it, nobody answers
FAULT = 0x80


class Refused(ValueError):
    """The unit heard and will not: 1 no such function, 2 no such register, 3 no such value, 4 it is broken."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the unit refuses with {code}")
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What one unit said to one function."""

    unit: int
    function: int
    data: bytes


def crc(said: bytes) -> bytes:
    """CRC-16/MODBUS, the low byte first."""
    found = 0xFFFF
    for one in said:
        found ^= one
        for _ in range(8):
            found = (found >> 1) ^ 0xA001 if found & 1 else found >> 1
    return found.to_bytes(2, "little")


def write_one(unit: int, register: int, value: int) -> bytes:
    """One register."""
    return _frame(unit, WRITE_ONE, register.to_bytes(2) + value.to_bytes(2))


def write_some(unit: int, register: int, values: Sequence[int]) -> bytes:
    """Several in a row."""
    words = b"".join(one.to_bytes(2) for one in values)
    return _frame(unit, WRITE_SOME, register.to_bytes(2) + len(values).to_bytes(2) + bytes((len(words),)) + words)


def read_inputs(unit: int, first: int, count: int) -> bytes:
    """Contacts, from ``first`` on."""
    return _frame(unit, READ_INPUTS, first.to_bytes(2) + count.to_bytes(2))


def answer(said: bytes, asked: bytes) -> Answer:
    """What a unit says to ``asked``. Raises Refused; ValueError for what is no answer to it."""
    if len(said) < 5 or crc(said[:-2]) != said[-2:]:
        raise ValueError("the check does not fit")
    unit, function = said[0], said[1]
    if unit != asked[0] or function & ~FAULT != asked[1]:
        raise ValueError("somebody else answers, or something else")
    if function & FAULT:
        raise Refused(said[2])
    return Answer(unit, function, said[2:-2])


def bits(found: Answer, count: int) -> tuple[bool, ...]:
    """Contacts of an answer to ``read_inputs``, the first first. Raises ValueError."""
    if found.function != READ_INPUTS or found.data[0] != len(found.data) - 1 or count > 8 * found.data[0]:
        raise ValueError("these are not so many contacts")
    return tuple(bool(found.data[1 + one // 8] >> one % 8 & 1) for one in range(count))


def _frame(unit: int, function: int, data: bytes) -> bytes:
    said = bytes((unit, function)) + data
    return said + crc(said)
