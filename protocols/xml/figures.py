"""Numbers as instruments write them into XML: blanks, signs, decimal commas, and sometimes the unit behind."""

import re
from decimal import Decimal

_FIGURE = re.compile(r"([+-]?) *(\d{1,6}(?:[.,]\d{1,6})?) *(?:mmHg|kPa|mm|cm|um|[µμ]m|deg|D|°|%)?", re.ASCII)


def figure(text: str) -> Decimal | None:
    """A plain decimal with the instrument's own step; ``+`` and leading zeros dropped, the sign of a zero kept."""
    found = _FIGURE.fullmatch(text.strip())
    return Decimal(found[1] + found[2].replace(",", ".")) if found else None


def whole_number(text: str) -> int | None:
    """A count or an axis: digits, perhaps with a unit or a decimal zero behind."""
    number = figure(text)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return int(number)
