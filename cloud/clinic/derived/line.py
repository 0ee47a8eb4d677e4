"""A calculated line beside the record: which rule, which version, what to mind; nothing of it is stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from cloud.calculators.queries import Rules
from cloud.clinic import tables
from cloud.clinic.checks import Context
from cloud.clinic.choices import Side
from cloud.clinic.sheet import Sheet
from cloud.optics import registry
from cloud.optics.checks import Verdict, plain
from cloud.optics.exact import rounded
from cloud.optics.refraction import signed
from cloud.optics.rule import Derived
from cloud.optics.terms import terms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One result in the notation of the trade. ``value`` is the rule's own, exact; ``warnings`` are in words."""

    side: Side
    title: str
    text: str
    rule: str
    version: str
    warnings: tuple[str, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Given:
    """What is calculated from: the record, what is known beside it, and the rules the chain uses."""

    sheet: Sheet
    context: Context
    rules: Rules


At = tuple[str, int]
Placed = tuple[At, Line]


def line(side: Side, found: Derived[T] | None, show: Callable[[T], str | None], title: str = "") -> Iterator[Line]:
    """The line of a rule's answer; none where the rule is off, could not answer, or has nothing to show."""
    text = show(found.value) if found is not None else None
    if found is not None and text:
        said = title or registry.calculator(found.rule).entry.title.spoken(tables.language())
        warnings = tuple(one.spoken(tables.language()) for one in found.warnings)
        yield Line(side, said, text, found.rule, found.version, warnings, found.value)


def words(which: str, **numbers: object) -> str:
    """A way of putting it, in the reader's language."""
    return tables.put("derived", which, **numbers)


def dioptres(value: Decimal) -> str:
    """Two decimals, or three where the third is not zero."""
    return signed(value, 2 if rounded(value, 3) == rounded(value, 2) else 3)


def listed(verdict: Verdict) -> str:
    """The lines of a verdict that hold, each with what was found and its limit."""
    known = terms()
    return "; ".join(
        f"{known[one.item].label.spoken(tables.language())} {plain(one.found)} ({one.limit})"
        for one in verdict.checks
        if one.holds and one.found is not None
    )
