"""Public holidays of a country, as the package ``holidays`` knows them; nobody is closed until somebody says so."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

YEARS = 3  # so far ahead they are known well enough


@dataclass(frozen=True, order=True)
class Holiday:
    """A day and what it is called."""

    on: date
    name: str


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Two-letter codes of all that are known."""
    import holidays  # takes a second, so only where somebody asks

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def of(country: str, year: int, language: str) -> tuple[Holiday, ...]:
    """A year's public holidays, by date, in this language where they are known in it. Raises KeyError."""
    import holidays

    if country not in countries():
        raise KeyError(country)
    told = holidays.country_holidays(country, years=year, language={"zh": "zh_CN"}.get(language, "en_US"))
    return tuple(sorted(Holiday(on, name) for on, name in told.items()))
