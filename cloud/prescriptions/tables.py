"""The room's versioned data: words, limits, checks and validity, read once from TOML.

Lengths in the data are millimetres, powers dioptres, both exact decimals written as text.
"""

import calendar
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from cloud.prescriptions.choices import Kind

FOLDER = Path(__file__).parent / "tables"
Table = dict[str, Any]


@lru_cache(maxsize=8)
def table(name: str) -> Table:
    """One file of ``tables/``, by its name without the ending."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


def uses() -> Table:
    """The words of everything that is chosen from a list."""
    return table("uses")


def limits() -> Table:
    """What the checks measure against."""
    return table("limits")


def word(group: str, code: str | None, language: str) -> str:
    """What a code is called; the code itself where nobody named it."""
    return str(uses()[group].get(code, {}).get(language, code or ""))


def options(group: str, language: str) -> list[tuple[str, str]]:
    """Codes and words of a list, in its order."""
    return [(code, one[language]) for code, one in uses()[group].items()]


def codes(group: str) -> set[str]:
    """The codes of a list."""
    return set(uses()[group])


def is_marked(group: str, code: str | None, mark: str) -> bool:
    """Whether the data says this of a code, for instance that a design needs an add."""
    return bool(uses()[group].get(code, {}).get(mark))


def jurisdictions(language: str) -> list[tuple[str, str]]:
    """Where a rule of validity is known, or a house default stands in."""
    places = table("validity")["jurisdiction"]
    return [(code, place["name"][language]) for code, place in places.items()]


def is_verified(jurisdiction: str) -> bool:
    """Whether somebody checked the rule against the law of the place."""
    return bool(table("validity")["jurisdiction"].get(jurisdiction, {}).get("verified"))


def valid_until(kind: Kind, jurisdiction: str, written_on: date, *, child: bool = False) -> date:
    """The last day of validity by the rule of the place; the same day of a later month, or that month's last."""
    places = table("validity")["jurisdiction"]
    place = places.get(jurisdiction, places[table("validity")["default"]])
    months = place.get("child", {}).get(kind, place[kind]) if child else place[kind]
    year, month = divmod(written_on.year * 12 + written_on.month - 1 + months, 12)
    return date(year, month + 1, min(written_on.day, calendar.monthrange(year, month + 1)[1]))
