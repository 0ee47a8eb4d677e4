"""What a GS1 DataMatrix or GS1-128 on a box says: product, lot, expiry. Pure.

GS1 General Specifications, release 24, chapter 3 (application identifiers), 7.2.7 (element strings), 7.12 (century).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from cloud.loops.errors import Unreadable

FNC1 = "\x1d"  # as scanners send the separator, ASCII GS
# Symbology identifiers a scanner may put in front (ISO/IEC 15424): DataMatrix, GS1-128, DataBar, QR.
_SYMBOL = re.compile(r"^\](?:d2|C1|e0|Q3)")
_BRACKETED = re.compile(r"\((\d{2,4})\)")
# Lengths of those that need no separator, by the first two digits (figure 7.8.5-2).
_FIXED = {"00": 18, "01": 14, "02": 14, "03": 14, "04": 16, **dict.fromkeys(("11", "12", "13", "15", "16", "17"), 6)}
_FIXED |= {"18": 6, "19": 6, "20": 2, "41": 13} | dict.fromkeys(("31", "32", "33", "34", "35", "36"), 6)
# How many digits an identifier has, where they are not two.
_LONG = {"23": 3, "24": 3, "25": 3, "40": 3, "41": 3, "42": 3, "71": 3, "39": 4, "43": 4, "70": 4, "72": 4, "80": 4}
_LONG |= dict.fromkeys(("31", "32", "33", "34", "35", "36", "81", "82"), 4)
_BARE = (8, 12, 13, 14)  # EAN-8, UPC-A, EAN-13, ITF-14
_VALUE = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,90}")  # character set 82


@dataclass(frozen=True, slots=True)
class Box:
    """A box of something: its 14-digit GTIN, lot, last day of use, serial number; empty or None where not said."""

    gtin: str = ""
    lot: str = ""
    expiry: date | None = None
    serial: str = ""


def parse(code: str, today: date) -> Box:
    """What a scan says: with separators, in brackets, or a bare product number. Raises Unreadable."""
    text = _SYMBOL.sub("", code.strip(" \r\n\t")).removeprefix(FNC1)
    if len(text) in _BARE and text.isascii() and text.isdecimal():
        return Box(_gtin(text.zfill(14)))
    said = dict(_bracketed(text) if text.startswith("(") else _plain(text))
    if not said or not all(_VALUE.fullmatch(value) for value in said.values()):
        raise Unreadable
    expiry = day(said["17"], today) if "17" in said else None
    return Box(_gtin(said.get("01", "")), _short(said.get("10", "")), expiry, _short(said.get("21", "")))


def _bracketed(text: str) -> list[tuple[str, str]]:
    parts = _BRACKETED.split(text)[1:]
    found = list(zip(parts[::2], (value.strip(FNC1 + " ") for value in parts[1::2]), strict=True))
    if any(len(value) != _FIXED[name] for name, value in found if name in _FIXED):
        raise Unreadable
    return found


def _plain(text: str) -> list[tuple[str, str]]:
    found = []
    while text:
        name = text[: _LONG.get(text[:2], 2)]
        if not name.isdecimal() or len(name) < 2:
            raise Unreadable
        value, text = _value(name, text[len(name) :])
        found.append((name, value))
    return found


def _value(name: str, rest: str) -> tuple[str, str]:
    length = _FIXED.get(name[:2])
    if length is None:
        value, _separator, rest = rest.partition(FNC1)
        return value, rest
    if len(rest) < length:
        raise Unreadable
    return rest[:length], rest[length:].removeprefix(FNC1)


def _gtin(text: str) -> str:
    if text and (not text.isdecimal() or len(text) != 14 or check_digit(text[:13]) != text[13]):
        raise Unreadable
    return text


def _short(text: str) -> str:
    if len(text) > 20:
        raise Unreadable
    return text


def check_digit(digits: str) -> str:
    """The last digit of a GTIN (7.9.1): weights 3 and 1 from the right."""
    total = sum(int(one) * (3 if n % 2 == 0 else 1) for n, one in enumerate(reversed(digits)))
    return str(-total % 10)


def day(text: str, today: date) -> date:
    """YYMMDD; a day of 00 is the last of its month, and the century is the one nearest to now. Raises Unreadable."""
    if not text.isdecimal() or len(text) != 6:
        raise Unreadable
    year, month, on = (int(text[at : at + 2]) for at in (0, 2, 4))
    whole = today.year // 100 * 100 + year
    away = year - today.year % 100
    whole += -100 if away >= 51 else 100 if away <= -50 else 0
    try:
        return date(whole, month, on or calendar.monthrange(whole, month)[1])
    except ValueError:  # also of a month there is not
        raise Unreadable from None
