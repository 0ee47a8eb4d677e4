"""Clinical notation: numbers the way the trade writes them.

A value is a Decimal, an int or its text. It is never rounded: a finer step than the usual two decimals
is shown as it was measured. ``None`` in, ``None`` out; the page decides how absence looks. Text that is no
number is shown as it came, since hiding it or failing would be worse.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

MINUS = "−"

Value = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class Notation:
    """How a chain likes its numbers written."""

    plano: bool = True
    ds: bool = True
    eyes: Literal["OD/OS", "R/L"] = "OD/OS"
    base: Literal["word", "letter"] = "word"

    def eye(self, side: Literal["right", "left", "both"]) -> str:
        """The heading of an eye, or of both together."""
        right, left = self.eyes.split("/")
        return {"right": right, "left": left, "both": "OU" if right == "OD" else "B"}[side]


def dioptres(value: Value) -> str | None:
    """Signed, two decimals, a true minus: ``+0.25``, ``−1.75``, ``0.00``."""
    return _written(value, 2, signed=True)


def sphere(value: Value, *, plano: bool = True) -> str | None:
    """Dioptres, with zero as ``plano`` where the chain writes it so."""
    return "plano" if plano and _is_zero(value) else dioptres(value)


def cylinder(value: Value, *, ds: bool = True) -> str | None:
    """Dioptres, with zero as ``DS`` where the chain writes it so."""
    return "DS" if ds and _is_zero(value) else dioptres(value)


def axis(value: Value) -> str | None:
    """Three digits, no degree sign: ``005``, ``180``."""
    number = _number(value)
    if number is None:
        return _as_it_came(value)
    if number < 0 or number != number.to_integral_value():
        return _plain(number, 0, signed=False)
    return f"{int(number):03d}"


def magnitude(value: Value) -> str | None:
    """Unsigned with two decimals: corneal power and radius."""
    return _written(value, 2, signed=False)


def signed(value: Value) -> str | None:
    """With its sign and as many decimals as it has: ``+0.3``, ``−1.25``, ``0.0``."""
    text = measured(value)
    number = _number(value)
    return f"+{text}" if number is not None and number > 0 else text


def measured(value: Value) -> str | None:
    """As the instrument stepped it: ``15``, ``15.3``, ``63.5``, ``545``."""
    number = _number(value)
    return _as_it_came(value) if number is None else f"{number:f}".replace("-", MINUS)


def prism(power: Value, base: str | None, *, style: Literal["word", "letter"] = "word") -> str | None:
    """Power with its base, ``1.50 base in`` or ``1.50 BI``; without a proven base the sign stays."""
    if base is None:
        return dioptres(power)
    text = magnitude(power)
    if text is None:
        return None
    return f"{text} base {base}" if style == "word" else f"{text} B{base[0].upper()}"


def _written(value: Value, places: int, *, signed: bool) -> str | None:
    number = _number(value)
    return _as_it_came(value) if number is None else _plain(number, places, signed=signed)


def _plain(number: Decimal, places: int, *, signed: bool) -> str:
    finest = number.normalize().as_tuple().exponent
    digits = max(places, -finest if isinstance(finest, int) else 0)
    sign = MINUS if number < 0 else "+" if signed and number > 0 else ""
    return f"{sign}{abs(number):.{digits}f}"


def _number(value: Value) -> Decimal | None:
    try:
        number = Decimal("NaN" if value is None else value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_zero(value: Value) -> bool:
    number = _number(value)
    return number is not None and number.is_zero()


def _as_it_came(value: Value) -> str | None:
    return str(value) if value not in (None, "") else None
