"""Arithmetic in decimals: full precision inside, rounded once, when shown.

Sine, cosine, arctangent and pi are power series in ``decimal`` itself, so that no binary fraction comes between
an entered dioptre and the one shown. Everything works at ``PRECISION`` digits; series keep ten more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache

PRECISION = 34
_GUARD = 10
_SERIES = Context(prec=PRECISION + _GUARD, rounding=ROUND_HALF_UP)
ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)
RIGHT, HALF_TURN = Decimal(90), Decimal(180)


@contextmanager
def working() -> Iterator[None]:
    """The precision every rule works in, whatever the caller's own context is."""
    with localcontext(Context(prec=PRECISION, rounding=ROUND_HALF_UP)):
        yield


@cache
def pi() -> Decimal:
    """Pi by Machin's formula (1706): 16 arctan(1/5) − 4 arctan(1/239)."""
    with localcontext(_SERIES):
        return 16 * _arctan_series(ONE / 5) - 4 * _arctan_series(ONE / 239)


def _arctan_series(x: Decimal) -> Decimal:
    """Arctangent in radians by its power series; quick only for small ``x``."""
    power, total, k = x, x, 1
    while True:
        power, k = -power * x * x, k + 2
        grown = total + power / k
        if grown == total:
            return total
        total = grown


def _sine_series(x: Decimal) -> Decimal:
    term, total, k = x, x, 1
    while True:
        term, k = -term * x * x / ((k + 1) * (k + 2)), k + 2
        grown = total + term
        if grown == total:
            return total
        total = grown


def sine(degrees: Decimal) -> Decimal:
    """Sine of an angle in degrees; exact at 0, 30, 90, 150, 180 and their turns."""
    turned = degrees % 360
    turned += 360 if turned < 0 else 0
    if turned >= HALF_TURN:
        return -sine(turned - HALF_TURN)
    if turned > RIGHT:
        turned = HALF_TURN - turned
    return _sine_of_first_quarter(turned)


@cache
def _sine_of_first_quarter(degrees: Decimal) -> Decimal:
    if degrees in (ZERO, RIGHT):
        return degrees / RIGHT
    if degrees == 30:
        return ONE / 2
    with localcontext(_SERIES):
        found = _sine_series(degrees * pi() / HALF_TURN)
    return _settled(found)


def cosine(degrees: Decimal) -> Decimal:
    """Cosine of an angle in degrees."""
    return sine(degrees + RIGHT)


def tangent(degrees: Decimal) -> Decimal:
    """Tangent of an angle in degrees. Raises ZeroDivisionError at right angles."""
    return sine(degrees) / cosine(degrees)


def direction(y: Decimal, x: Decimal) -> Decimal:
    """Angle of the point (x, y), degrees, more than −180 up to 180; zero for the origin (as ``atan2``)."""
    if x == 0 or y == 0:
        return _on_an_axis(y, x)
    with localcontext(_SERIES):
        first = _arctan(abs(y) / abs(x)) * HALF_TURN / pi()
        found = first if x > 0 else HALF_TURN - first
    return _settled(found.copy_sign(y))


def _on_an_axis(y: Decimal, x: Decimal) -> Decimal:
    if y == 0:
        return ZERO if x >= 0 else HALF_TURN
    return RIGHT.copy_sign(y)


def _arctan(x: Decimal) -> Decimal:
    """Arctangent in radians for ``x`` > 0; the angle is halved until its series is short."""
    if x > 1:
        return pi() / 2 - _arctan(ONE / x)
    if x > Decimal("0.05"):
        return 2 * _arctan(x / (1 + (1 + x * x).sqrt()))
    return _arctan_series(x)


def _settled(found: Decimal) -> Decimal:
    """Without the guard digits; what is a whole number but for the last digits is that number."""
    with localcontext(Context(prec=PRECISION, rounding=ROUND_HALF_UP)):
        return +found


def length(*parts: Decimal) -> Decimal:
    """Root of the sum of squares."""
    return sum((part * part for part in parts), ZERO).sqrt()


def log10(value: Decimal) -> Decimal:
    """Logarithm to base ten; exact for powers of ten. Raises decimal.InvalidOperation below zero."""
    return value.log10()


def power_of_ten(exponent: Decimal) -> Decimal:
    """Ten to this power."""
    return Decimal(10) ** exponent


def rounded(value: Decimal, places: int) -> Decimal:
    """To this many decimals, halves away from zero; never a negative zero. Only for showing."""
    with working():
        found = value.quantize(ONE.scaleb(-places))
    return abs(found) if found == 0 else found


def to_step(value: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of ``step``, halves away from zero."""
    with working():
        found = (value / step).quantize(ONE) * step
    return abs(found) if found == 0 else found
