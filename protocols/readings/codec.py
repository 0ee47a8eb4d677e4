"""Readings to and from JSON."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from protocols.readings.kinds import Reading

_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder: msgspec.json.Decoder[Reading] = msgspec.json.Decoder(Reading)

# A Decimal may spell NaN, Infinity or 1E+9; no instrument does, and no clinician could read it. The
# pattern only says where a closer look is worth its time: a patient may be called Nan.
_SUSPECT = re.compile(rb':\s*+"[-+]?(?:[\d.]++[eE][-+]?\d|[sS]?[nN][aA][nN]|[iI][nN][fF])')


class Malformed(ValueError):
    """The text is not a reading; the message says which key and why, never the value."""


def to_json(reading: Reading) -> bytes:
    """Encode a reading as one JSON object with the keys in vocabulary order."""
    return _encoder.encode(reading)


def from_json(text: bytes | msgspec.Raw) -> Reading:
    """Decode and validate one reading.

    Raises:
        Malformed: not JSON, an unknown kind, a key of the wrong type, or a number nobody can read.
    """
    try:
        reading = _decoder.decode(text)
    except msgspec.MsgspecError as refusal:
        raise Malformed(str(refusal)) from None
    if _SUSPECT.search(text) and not all(map(_readable, _decimals(reading))):
        raise Malformed("a number is not a plain decimal")
    return reading


def kind(reading: Reading) -> str:
    """The kind of a reading, as it stands in its JSON."""
    return str(reading.__struct_config__.tag)


def stamped(reading: Reading, *, reading_id: str, received_at: str) -> Reading:
    """The reading as it leaves the place where its bytes arrived: with identity, time (ISO 8601 UTC) and schema."""
    return msgspec.structs.replace(reading, schema="emmetra.reading/1", reading_id=reading_id, received_at=received_at)


def _readable(number: Decimal) -> bool:
    return number.is_finite() and -6 <= number.adjusted() <= 6


def _decimals(value: Any) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _decimals(part)
    elif isinstance(value, dict):
        yield from _decimals(tuple(value.values()))
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _decimals(getattr(value, name))
