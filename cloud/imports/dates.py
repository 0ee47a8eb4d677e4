"""Dates as people write them in lists, and which order a column writes them in. Pure."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from cloud.imports.choices import Order

_THREE = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年 ]\s*(\d{1,2})\s*[-/.月 ]\s*(\d{1,2})\s*日?")
_WITH_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet that counts 1900 as a leap year


def born(text: str, order: str, today: date) -> date | None:
    """The day a cell means, None when it means none; ``order`` decides where the year stands last."""
    written = _WITH_TIME.sub("", text.strip())
    if found := _YEAR_FIRST.fullmatch(written):
        return _day(*found.groups())
    if written.isdecimal():
        return _figures(written)
    found = _THREE.fullmatch(written)
    if found is None:
        return None
    first, second, year = found.groups()
    day, month = (second, first) if order == Order.MDY else (first, second)
    if order == Order.YMD:
        return None
    return _day(_whole(year, today), month, day)


def _figures(written: str) -> date | None:
    if len(written) == 8:
        return _day(written[:4], written[4:6], written[6:])
    serial = int(written) if len(written) in (4, 5) else 0
    return _SERIAL_ZERO + timedelta(days=serial) if serial > 366 else None


def _whole(year: str, today: date) -> str:
    """Two figures are of this century unless that lies ahead."""
    if len(year) == 4:
        return year
    return f"{20 if 2000 + int(year) <= today.year else 19}{year}"


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def orders(cells: Iterable[str]) -> dict[str, int]:
    """How many cells can only be day first, only month first, or either."""
    found = {"dmy": 0, "mdy": 0, "either": 0}
    for cell in cells:
        told = _THREE.fullmatch(_WITH_TIME.sub("", cell.strip()))
        if told:
            first, second = int(told[1]), int(told[2])
            found["dmy" if first > 12 else "mdy" if second > 12 else "either"] += 1
    return found


def told(found: dict[str, int]) -> Order | None:
    """The order a column shows by itself; None where a person must say it."""
    day_first, month_first = found.get("dmy", 0), found.get("mdy", 0)
    if not (day_first or month_first or found.get("either", 0)):
        return Order.YMD
    if bool(day_first) == bool(month_first):
        return None
    return Order.DMY if day_first else Order.MDY
