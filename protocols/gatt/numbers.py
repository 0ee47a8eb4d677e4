"""Decimal floating point of medical devices: a signed mantissa and a signed power of ten, never binary.

Source: IEEE 11073-20601 as GATT uses it. SFLOAT has 16 bits, the exponent in the high 4; FLOAT has 32, the
exponent in the high 8.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Special = Literal["NaN", "NRes", "+INF", "-INF", "reserved"]
SFLOAT: dict[int, Special] = {0x07FF: "NaN", 0x0800: "NRes", 0x07FE: "+INF", 0x0802: "-INF", 0x0801: "reserved"}
FLOAT: dict[int, Special] = {
    0x007FFFFF: "NaN",
    0x00800000: "NRes",
    0x007FFFFE: "+INF",
    0x00800002: "-INF",
    0x00800001: "reserved",
}
WHY: dict[Special, str] = {
    "NaN": "the device has no value",
    "NRes": "the device cannot resolve the value",
    "+INF": "the value is above the device's range",
    "-INF": "the value is below the device's range",
    "reserved": "the device sent a code without meaning",
}


@dataclass(frozen=True, slots=True)
class NoValue:
    """What a device says instead of a number; never zero."""

    said: Special


Number = Decimal | NoValue


def sfloat(raw: bytes) -> Number:
    """Two bytes, little endian. Raises ValueError on another length."""
    word = _word(raw, 2)
    if word in SFLOAT:
        return NoValue(SFLOAT[word])
    return _decimal(_signed(word & 0x0FFF, 12), _signed(word >> 12, 4))


def flt(raw: bytes) -> Number:
    """Four bytes, little endian. Raises ValueError on another length."""
    word = _word(raw, 4)
    if word in FLOAT:
        return NoValue(FLOAT[word])
    return _decimal(_signed(word & 0x00FFFFFF, 24), _signed(word >> 24, 8))


def to_sfloat(value: Decimal) -> bytes:
    """The same bytes back for a value that fits. Raises ValueError when it does not."""
    return _packed(value, SFLOAT, 12, 4)


def to_flt(value: Decimal) -> bytes:
    """The same for four bytes. Raises ValueError."""
    return _packed(value, FLOAT, 24, 8)


def _packed(value: Decimal, special: dict[int, Special], bits: int, scale_bits: int) -> bytes:
    sign, digits, exponent = value.as_tuple()
    mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
    half, scale = 1 << (bits - 1), 1 << (scale_bits - 1)
    if not isinstance(exponent, int) or not (-half <= mantissa < half and -scale <= exponent < scale):
        raise ValueError(f"{value} has too many digits for {bits} bits")
    word = (mantissa & ((1 << bits) - 1)) | ((exponent & ((1 << scale_bits) - 1)) << bits)
    if word in special:
        raise ValueError(f"{value} would be read as {special[word]}")
    return word.to_bytes((bits + scale_bits) // 8, "little")


def _decimal(mantissa: int, exponent: int) -> Decimal:
    """Without an exponent above zero in the text: 1.2E+2 is 120."""
    number = Decimal(mantissa).scaleb(exponent)
    return number if exponent <= 0 else Decimal(int(number))


def _word(raw: bytes, length: int) -> int:
    if len(raw) != length:
        raise ValueError(f"{len(raw)} bytes are no number of {length}")
    return int.from_bytes(raw, "little")


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value
