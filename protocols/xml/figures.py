"""Numbers as instruments write them into XML: blanks, signs, decimal commas, and sometimes the unit behind."""

import re
from decimal import Decimal

_FIGURE = re.compile(r"([+-]?) *(\d{1,6}(?:[.,]\d{1,6})?) *(\S{0,4})", re.ASCII)


def figure(text: str, *units: str) -> Decimal | None:
    """A plain decimal with the instrument's own step; ``+`` and leading zeros dropped, the sign of a zero kept.

    A unit behind the number must be one of ``units``: another means another number.
    """
    found = _FIGURE.fullmatch(text.strip())
    if found is None or (found[3] and found[3] not in units):
        return None
    return Decimal(found[1] + found[2].replace(",", "."))


def whole_number(text: str, *units: str) -> int | None:
    """A count or an axis: digits, perhaps with a unit or a decimal zero behind."""
    number = figure(text, *units)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return int(number)
