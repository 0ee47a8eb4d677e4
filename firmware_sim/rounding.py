"""The instrument's own rounding: to its step, halves away from zero, axes to their step and never 0 with a cylinder."""

from decimal import ROUND_HALF_UP, Decimal


def to_step(value: float | Decimal, step: str) -> Decimal:
    """The nearest multiple of the step, written with the step's own places."""
    size = Decimal(step)
    return ((Decimal(value) / size).quantize(Decimal(1), ROUND_HALF_UP) * size).quantize(size)


def quarter(value: float | Decimal) -> Decimal:
    """To 0.25 D; a zero carries no sign."""
    rounded = to_step(value, "0.25")
    return rounded or abs(rounded)  # a zero that came from below is still zero


def axis(value: float, step: int = 5) -> int:
    """1 to 180 in the step's multiples."""
    return round(value / step) * step % 180 or 180
