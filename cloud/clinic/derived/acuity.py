"""Each acuity in every notation; what was entered stays what was measured."""

from collections.abc import Iterator
from functools import lru_cache

from cloud.clinic import tables
from cloud.clinic.catalogue.shapes import Kind
from cloud.clinic.derived.line import Given, Placed, line
from cloud.optics import acuity, acuity_rules
from cloud.optics.acuity_rules import Everywhere
from cloud.optics.refraction import signed
from cloud.optics.rule import Derived


def lines(given: Given) -> Iterator[Placed]:
    """Of the acuities of their own element; those beside a refraction are read there."""
    if not given.rules.on(acuity_rules.notations.id):
        return
    for place, item in given.sheet.of("visual_acuity"):
        found = _everywhere(item.entered) if place.spec.kind is Kind.VA and item.value else None
        title = place.spec.title.said(tables.language())
        yield from ((("visual_acuity", place.n), one) for one in line(place.side, found, _others, title))


@lru_cache(maxsize=2048)
def _everywhere(entered: str) -> Derived[Everywhere] | None:
    """An entry in every notation; remembered, for a chart has few lines and each is asked for at every key."""
    try:
        return acuity_rules.notations(acuity.read(entered))
    except acuity.Unreadable:
        return None


def _others(found: Everywhere) -> str | None:
    """Every notation, logMAR without a plus; nothing for what has no number."""
    if found.logmar is None:
        return None
    logmar = f"logMAR {signed(found.logmar).removeprefix('+')}"
    return " · ".join([found.snellen_m, found.snellen_ft, found.decimal, found.five_mark, logmar])
