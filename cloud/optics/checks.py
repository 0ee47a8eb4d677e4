"""A list of things looked at, each with what was wanted, what was found and whether it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Check:
    """One line: ``item`` names a term; ``holds`` is None where nothing was entered to look at."""

    item: str
    limit: str
    found: Decimal | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All lines, how many hold and how many could be looked at."""

    checks: tuple[Check, ...]
    met: int
    looked_at: int
    all_hold: bool


def verdict(checks: Iterable[Check]) -> Verdict:
    """Count them."""
    every = tuple(checks)
    known = [check.holds for check in every if check.holds is not None]
    return Verdict(every, sum(known), len(known), bool(known) and all(known))


def at_most(item: str, found: Decimal | None, most: Decimal) -> Check:
    """Holds up to ``most``."""
    return Check(item, f"≤ {plain(most)}", found, None if found is None else found <= most)


def at_least(item: str, found: Decimal | None, least: Decimal) -> Check:
    """Holds from ``least``."""
    return Check(item, f"≥ {plain(least)}", found, None if found is None else found >= least)


def between(item: str, found: Decimal | None, least: Decimal, most: Decimal) -> Check:
    """Holds from ``least`` to ``most``."""
    return Check(item, f"{plain(least)} … {plain(most)}", found, None if found is None else least <= found <= most)


def plain(value: Decimal) -> str:
    """Without an exponent or needless zeros, with a true minus."""
    return f"{value.normalize():f}".replace("-", "−")
