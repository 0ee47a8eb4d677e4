"""What stands there at all: unreadable, missing, unusual, copied."""

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import gettext as _

from cloud.clinic import tables
from cloud.clinic.catalogue import registry
from cloud.clinic.checks.finding import Check, Context, Finding, found, titled, where
from cloud.clinic.choices import Level, Side
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet
from cloud.web import notation


def _unread(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """What was typed and is no value."""
    return (
        Finding("unreadable", Level.REFUSE, item.problem, (place,)) for place, item in sheet.items() if item.problem
    )


def _missing(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """Mandatory elements of the template that say nothing."""
    said = {place.element for place in sheet}
    for step in context.layout:
        if step["mandatory"] and step["element"] not in said:
            words = _("%(element)s is missing.", element=titled(step["element"]))
            yield Finding(f"missing.{step['element']}", Level.REFUSE, words)


def _required(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """Fields that an element cannot do without once it says anything."""
    said = {(place.element, place.n, place.field) for place in sheet}
    for element, n in dict.fromkeys((place.element, place.n) for place in sheet):
        for field in registry.element(element).fields:
            if field.required and (element, n, field.code) not in said:
                place = Place(element, n, field.code, _side(field.eyes))
                title = field.title.said(tables.language())
                yield found("required", "blank", place, element=titled(element), field=title)


def _unusual(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """What happens, but seldom enough to look twice."""
    for place, item in sheet.items():
        value = item.value.number if item.value else None
        if value is None:
            continue
        low, high = place.spec.ask_below, place.spec.ask_above
        if low is not None and value < low:
            yield found("unusual", "low", place, where=where(place), found=_figure(value), limit=_figure(low))
        if high is not None and value > high:
            yield found("unusual", "high", place, where=where(place), found=_figure(value), limit=_figure(high))


def _copied(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """Copies that nobody has confirmed."""
    still: dict[str, list[Place]] = {}
    for place, item in sheet.items():
        if item.copied:
            still.setdefault(place.element, []).append(place)
    for element, places in still.items():
        yield found("copied", "still", *places, element=titled(element), count=len(places))


def _side(eyes: str) -> Side:
    return Side(eyes[0])


def _figure(value: Decimal) -> str | None:
    return notation.measured(value)


CHECKS: tuple[Check, ...] = (_unread, _missing, _required, _unusual, _copied)
