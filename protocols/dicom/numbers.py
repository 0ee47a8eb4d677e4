"""The one rule by which a number of an object becomes a decimal.

A decimal string (DS, IS, a text) is taken digit for digit: its step is the instrument's own. A binary number has no
step, so it becomes the shortest decimal that means the same bits in its own width: a single written 23.41 is
23.40999984741211 when widened, and 23.41 again here. Where that shows more than four decimals (a computed value), it
is rounded half to even to four of them, or to three significant digits where four decimals would leave fewer. Four
decimals are a tenth of a micrometre and a ten-thousandth of a dioptre: below what any instrument tells apart.
"""

import struct
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext

DECIMALS = 4
SIGNIFICANT = 3
_MAGNITUDE = range(-6, 7)  # what the vocabulary can carry as a plain decimal


def of_single(value: float) -> Decimal | None:
    """A number that was stored in 32 bits (FL)."""
    return _settled(next((text for text in _shorter(value) if _single(float(text)) == _single(value)), repr(value)))


def of_double(value: float) -> Decimal | None:
    """A number that was stored in 64 bits (FD)."""
    return _settled(repr(value))


def of_text(text: str) -> Decimal | None:
    """A number that was written in digits, every one of them kept."""
    try:
        number = Decimal(text.strip(" \x00"))
    except InvalidOperation:
        return None
    return _plain(number)


def _shorter(value: float) -> list[str]:
    return [f"{value:.{digits}g}" for digits in range(1, 10)]


def _single(value: float) -> bytes:
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return b""


def _settled(text: str) -> Decimal | None:
    number = Decimal(text)
    if not number.is_finite():
        return None
    places = max(DECIMALS, SIGNIFICANT - 1 - number.adjusted()) if number else DECIMALS
    with localcontext() as exact:
        exact.prec = 400  # doubles go up to 1E+308
        if -_exponent(number) > places:
            number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        return _plain(number.normalize())


def _plain(number: Decimal) -> Decimal | None:
    """Without an exponent, and only where a clinician could read it."""
    if not number.is_finite() or number.adjusted() not in _MAGNITUDE:
        return None
    plain = Decimal(f"{number:f}")
    return plain or abs(plain)  # there is no minus zero


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
