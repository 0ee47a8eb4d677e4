"""What happens to bytes on bad wires and in bad files, by chance but from a seed."""

import random
import re
from collections.abc import Callable, Sequence

_NUMBER = re.compile(rb"[-+ ]?\d+(?:[.,]\d+)?")
_SPECIAL = bytes([0, 1, 2, 3, 4, 0x0A, 0x0D, 0x17, 0x1A, 0x20, 0x22, 0x26, 0x2C, 0x3C, 0x3E, 0x7F, 0x80, 0xFE, 0xFF])
_WORDS = (b"", b"-", b"+", b".", b"NaN", b"1E+9", b"-0", b"99999999999999999999", b"\xb2", b"ERR", b"  ", b"<![CDATA[")

Mutation = Callable[[random.Random, bytes, bytes], bytes]


def mutated(luck: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds after one to four accidents."""
    data = luck.choice(seeds)
    for _ in range(luck.choice((1, 1, 2, 4))):
        data = luck.choice(MUTATIONS)(luck, data, luck.choice(seeds))
    return data[:200_000]


def _place(luck: random.Random, data: bytes) -> int:
    return luck.randint(0, len(data))


def _span(luck: random.Random, data: bytes) -> tuple[int, int]:
    start = _place(luck, data)
    return start, min(len(data), start + luck.choice((1, 2, 8, 40, 400)))


def _cut_off(luck: random.Random, data: bytes, _: bytes) -> bytes:
    return data[: _place(luck, data)]


def _join_late(luck: random.Random, data: bytes, _: bytes) -> bytes:
    return data[_place(luck, data) :]


def _lose(luck: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _span(luck, data)
    return data[:start] + data[end:]


def _double(luck: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _span(luck, data)
    return data[:end] + data[start:end] + data[end:]


def _flip(luck: random.Random, data: bytes, _: bytes) -> bytes:
    at = _place(luck, data)
    return data[:at] + bytes(byte ^ 1 << luck.randrange(8) for byte in data[at : at + 1]) + data[at + 1 :]


def _noise(luck: random.Random, data: bytes, _: bytes) -> bytes:
    at = _place(luck, data)
    return data[:at] + luck.randbytes(luck.choice((1, 3, 30))) + data[at:]


def _special(luck: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _span(luck, data)
    return data[:start] + bytes(luck.choices(_SPECIAL, k=end - start)) + data[end:]


def _number(luck: random.Random, data: bytes, _: bytes) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    one = luck.choice(found)
    word = luck.choice((*_WORDS, b"%d" % luck.randint(-400, 4000), b"%+.2f" % luck.uniform(-40, 40)))
    return data[: one.start()] + word + data[one.end() :]


def _splice(luck: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: _place(luck, data)] + other[_place(luck, other) :]


def _after(luck: random.Random, data: bytes, other: bytes) -> bytes:
    return data + other


MUTATIONS: tuple[Mutation, ...] = (
    *(_cut_off, _join_late, _lose, _double, _flip, _noise),
    *(_special, _number, _number, _number, _splice, _after),
)
