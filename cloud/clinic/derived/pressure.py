"""What follows from eye pressures: the median of each method, the way to the target, and what to consider."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from cloud.clinic import powers, tables
from cloud.clinic.choices import Side
from cloud.clinic.derived.line import Given, Line, Placed, line, listed, words
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet
from cloud.optics import pressure
from cloud.optics.exact import rounded
from cloud.optics.rule import Derived
from cloud.web.notation import measured

# Where several methods were used, the one that targets and limits were made for comes first.
PREFERRED = ("goldmann", "perkins")
TO_TARGET = ("clinic.to_target", "1")  # median less target: no rule of the catalogue, only a subtraction


def lines(given: Given) -> Iterator[Placed]:
    """Under the first reading of each method; target and flags under the first of the method that counts."""
    by_method = _methods(given.sheet)
    for method, numbers in by_method.items():
        for side in powers.EYES:
            found = _median(given, numbers, side)
            yield from ((("iop", numbers[0]), one) for one in line(side, found, partial(_said, method)))
    if by_method:
        counts = next((one for one in PREFERRED if one in by_method), max(by_method, key=lambda m: len(by_method[m])))
        yield from ((("iop", by_method[counts][0]), one) for one in _judged(given, by_method[counts]))


def _methods(sheet: Sheet) -> dict[str, list[int]]:
    """Readings by method; what was measured in a way nobody named is not put together."""
    found: dict[str, list[int]] = {}
    for n in sheet.instances("iop"):
        if (method := sheet.code("iop", n, "method")) is not None:
            found.setdefault(method, []).append(n)
    return found


def _median(given: Given, numbers: list[int], side: Side) -> Derived[pressure.Visit] | None:
    known = [iop for n in numbers if (iop := given.sheet.number("iop", n, "iop", side)) is not None]
    return given.rules.ask(pressure.median, known) if known else None


def _said(method: str, found: pressure.Visit) -> str:
    option = Place("iop", 1, "method", Side.NONE).spec.option(method)
    name = option.words.said(tables.language()) if option else method
    return words("median", median=measured(found.median), count=found.count, method=name)


def _judged(given: Given, numbers: list[int]) -> Iterator[Line]:
    found = {side: one.value.median for side in powers.EYES if (one := _median(given, numbers, side)) is not None}
    for side, median in found.items():
        yield from _to_target(given.sheet, side, median)
        yield from _from_baseline(given, side, median)
    # each eye has a target of its own, and the rule takes one for both: the line above says it better
    flags = given.rules.ask(pressure.flags, iop_right=found.get(Side.RIGHT), iop_left=found.get(Side.LEFT))
    yield from line(Side.NONE, flags, lambda one: words("consider", lines=listed(one)) if one.all_hold else None)


def _to_target(sheet: Sheet, side: Side, median: Decimal) -> Iterator[Line]:
    target = sheet.number("target_iop", 1, "target", side)
    if target is not None:
        text = words("target", change=_change(median - target), target=measured(target))
        yield Line(side, words("to_target"), text, *TO_TARGET, (), median - target)


def _from_baseline(given: Given, side: Side, median: Decimal) -> Iterator[Line]:
    baseline = given.sheet.number("target_iop", 1, "baseline", side)
    if baseline is not None:
        reduced, at = given.rules.ask(pressure.reduction, baseline, median), measured(baseline)
        show = line(side, reduced, lambda one: words("baseline", change=_change(rounded(one, 1)), baseline=at))
        yield from show


def _change(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{measured(value)}"
