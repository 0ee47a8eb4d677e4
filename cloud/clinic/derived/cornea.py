"""What follows from corneal radii and axial length."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from cloud.clinic import powers, tables
from cloud.clinic.choices import Side
from cloud.clinic.derived.line import Given, Line, Placed, line, words
from cloud.clinic.sheet import Sheet
from cloud.optics import axial_length, keratometry
from cloud.optics.exact import rounded
from cloud.optics.refraction import written
from cloud.optics.terms import terms


def lines(given: Given) -> Iterator[Placed]:
    """Mean power and corneal cylinder of each keratometry, and AL/CR of each biometry."""
    for n, side in product(given.sheet.instances("keratometry"), powers.EYES):
        yield from _curvature(given, n, side)
    for n, side in product(given.sheet.instances("biometry"), powers.EYES):
        length, radii = given.sheet.number("biometry", n, "axial_length", side), _last_radii(given.sheet, side)
        if length is not None and radii is not None:
            found = given.rules.ask(axial_length.al_cr, length, *radii)
            yield from ((("biometry", n), one) for one in line(side, found, lambda one: str(rounded(one.ratio, 3))))


def _curvature(given: Given, n: int, side: Side) -> Iterator[Placed]:
    radii = _radii(given.sheet, n, side)
    index = given.sheet.number("keratometry", n, "index", Side.NONE) or keratometry.INDEX
    found = given.rules.ask(keratometry.mean_k, *radii, index) if radii else None
    show = line(
        side, found, lambda one: words("mean_k", k=rounded(one.mean_k, 2), radius=rounded(one.mean_radius_mm, 2))
    )
    yield from ((("keratometry", n), one) for one in show)
    yield from ((("keratometry", n), one) for one in _cylinder(given, n, side, index))


def _cylinder(given: Given, n: int, side: Side, index: Decimal) -> Iterator[Line]:
    """From the powers as printed, else from the radii with the index that was recorded."""
    number = given.sheet.number
    axis, radii = number("keratometry", n, "r1_axis", side), _radii(given.sheet, n, side)
    flat, steep = (number("keratometry", n, name, side) for name in ("r1_power", "r2_power"))
    if (flat is None or steep is None) and radii:
        flat, steep = ((index - 1) * keratometry.MM / radius for radius in radii)
    if flat is not None and steep is not None and axis is not None:
        found = given.rules.ask(keratometry.corneal_astigmatism, flat, axis, steep)
        yield from line(side, found, lambda one: words("corneal", rx=written(one.rx), kind=_kind(one.kind)))


def _kind(code: str) -> str:
    options = terms()["kind"].options or {}
    return options[code].spoken(tables.language())


def _radii(sheet: Sheet, n: int, side: Side) -> tuple[Decimal, Decimal] | None:
    first, second = (sheet.number("keratometry", n, name, side) for name in ("r1_radius", "r2_radius"))
    return None if first is None or second is None else (first, second)


def _last_radii(sheet: Sheet, side: Side) -> tuple[Decimal, Decimal] | None:
    found = [radii for n in sheet.instances("keratometry") if (radii := _radii(sheet, n, side)) is not None]
    return found[-1] if found else None
