"""Calculated lines beside a record: each with its rule and version; none is stored or stands for a measurement."""

from collections.abc import Iterator

from cloud.clinic.checks import Context
from cloud.clinic.derived import acuity, binocular, cornea, pressure, refraction
from cloud.clinic.derived.line import At, Given, Line, Placed
from cloud.clinic.sheet import Sheet

__all__ = ["At", "Line", "lines"]


def lines(sheet: Sheet, context: Context) -> dict[At, list[Line]]:
    """Everything that follows from a record, by element and recording; only rules that the chain has switched on.

    At most one question to the database, for the chain's choices, when ``context`` has not asked it yet.
    """
    found: dict[At, list[Line]] = {}
    for at, one in _every(Given(sheet, context, context.rules)):
        found.setdefault(at, []).append(one)
    return found


def _every(given: Given) -> Iterator[Placed]:
    for part in (acuity, refraction, cornea, pressure, binocular):
        yield from part.lines(given)
