"""A derived value as people read it: rounded here, once, and nowhere before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cloud.optics.acuity import Acuity
from cloud.optics.exact import rounded
from cloud.optics.refraction import Refraction, signed, written
from cloud.optics.rule import CALCULATORS, Derived
from cloud.optics.terms import Term
from cloud.optics.words import Words

YES, NO = Words("yes", "是"), Words("no", "否")
UNKNOWN = Words("not entered", "未填写")
NOTHING = Words("–", "–")


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a result; ``table`` holds the lines of those that are lists."""

    name: str
    label: Words
    text: Words
    unit: str
    table: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what, how much, the limit, and whether it holds."""

    label: Words
    found: Words
    limit: Words
    holds: bool | None


def rows(derived: Derived[Any]) -> tuple[Row, ...]:
    """The values of a result in the order of its catalogue entry; none when there is no result."""
    if derived.value is None:
        return ()
    entry = CALCULATORS[derived.rule].entry
    values = ((entry.term(name), _part(derived.value, name)) for name in entry.gives)
    return tuple(_row(term, value, entry) for term, value in values)


def _part(value: Any, name: str) -> Any:
    return getattr(value, name) if hasattr(value, name) and not isinstance(value, str | Decimal | bool) else value


def _row(term: Term, value: Any, entry: Any) -> Row:
    if term.kind == "checks":
        return Row(term.name, term.label, NOTHING, "", tuple(_check(entry, check) for check in value))
    if term.kind == "candidates":
        return Row(term.name, term.label, NOTHING, "", tuple(_candidate(one) for one in value))
    return Row(term.name, term.label, text(term, value), "" if value is None else term.unit)


def _check(entry: Any, check: Any) -> Line:
    term = entry.term(check.item)
    found = UNKNOWN if check.found is None else Words(*[f"{number(term, check.found)} {term.unit}".strip()] * 2)
    return Line(term.label, found, Words(check.limit, check.limit), check.holds)


def _candidate(one: Any) -> Line:
    lens = written(one.lens)
    return Line(Words(lens, lens), Words(*[f"{rounded(one.residual, 3)} D"] * 2), NOTHING, None)


def text(term: Term, value: Any) -> Words:
    """A value as its term is written; a dash for none."""
    if value is None:
        return NOTHING
    if term.kind == "yes":
        return YES if value else NO
    if term.kind == "choice":
        return (term.options or {})[value]
    plain = _plain(term, value)
    return Words(plain, plain)


def _plain(term: Term, value: Any) -> str:
    if isinstance(value, Refraction):
        return written(value)
    if isinstance(value, Acuity):
        return value.entered
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_plain(term, one) for one in value)
    return number(term, Decimal(value)) if isinstance(value, Decimal | int) else str(value)


def number(term: Term, value: Decimal) -> str:
    """With the term's decimals, finer ones where they are not zero, a true minus."""
    places = term.places
    while places < term.finer and rounded(value, places) != rounded(value, term.finer):
        places += 1
    return signed(value, places) if term.signed else str(rounded(value, places)).replace("-", "−")
