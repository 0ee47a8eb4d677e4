"""Telephone numbers as the whole world dials them. Pure."""

from cloud.direct import tables
from cloud.people import phones

LEAST, MOST = 8, 15  # digits of a number with its country, ITU-T E.164


def international(written: str, country: str) -> str | None:
    """``+`` and digits, for a number as it is written in a country (ISO 3166, two letters); None when it is none."""
    number = phones.telephone(written)
    rules = tables.read("dialling").get(country)
    if number and not number.startswith("+"):
        if rules is None:
            return None
        number = f"+{rules['code']}{number.removeprefix(rules['trunk'])}"
    return number if LEAST <= len(number) - 1 <= MOST else None
