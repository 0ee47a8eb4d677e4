"""Refractions by themselves: whole, in steps, with their distance, and both eyes beside each other."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cloud.clinic import powers
from cloud.clinic.checks.finding import Check, Context, Finding, eye, found, limit, remarked, where
from cloud.clinic.choices import Origin, Side
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet
from cloud.optics.refraction import signed, written
from cloud.web import notation

PARTS = ("sphere", "cylinder", "axis")
STEPPED = ("sphere", "cylinder", "add", "intermediate_add")


def instances(sheet: Sheet, elements: tuple[str, ...] = powers.ELEMENTS) -> Iterator[tuple[str, int]]:
    """Every recorded instance of the elements that hold a refraction."""
    return ((element, n) for element in elements for n in sheet.instances(element))


def _whole(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-01: a cylinder has its axis and its sphere, an axis its cylinder."""
    for element, n in instances(sheet):
        for side in powers.EYES:
            sphere, cylinder, axis = (Place(element, n, part, side) for part in PARTS)
            power = sheet.number(*cylinder)
            if power and axis not in sheet:
                yield found("V-01", "no_axis", axis, cylinder, eye=eye(side), cylinder=signed(power))
            if power is not None and sphere not in sheet:
                yield found("V-01", "no_sphere", sphere, cylinder, eye=eye(side), cylinder=signed(power))
            if axis in sheet and not power and not _as_printed(sheet.get(cylinder)):
                figure = notation.axis(sheet.number(*axis))
                yield found("V-01", "no_cylinder", cylinder, axis, eye=eye(side), axis=figure)


def _as_printed(cylinder: Item | None) -> bool:
    """Instruments print an axis beside a cylinder of zero."""
    return cylinder is not None and (cylinder.origin is Origin.DEVICE or cylinder.value is None)


def _stepped(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-02: what is prescribed can be made."""
    step = limit("V-02", "step")
    for element in ("final", "dispensed"):
        for place, item in sheet.of(element):
            power = item.value.number if item.value and place.field in STEPPED else None
            if power is not None and power % step:
                yield found("V-02", "step", place, where=where(place), found=signed(power), step=step)


def _adds(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-04: adds are for older eyes; for children they are treatment, with a reason."""
    age = context.age
    if age is None or age >= limit("V-04", "from_age"):
        return
    for element, n in instances(sheet, ("manifest", "final")):
        for side in powers.EYES:
            place = Place(element, n, "add", side)
            if add := sheet.number(*place):
                which = "child" if age < limit("V-04", "child") else "young"
                told: dict[str, Any] = {"add": signed(add), "age": age, "limit": limit("V-04", "from_age")}
                yield found("V-04", which, place, eye=eye(side), **told)


def _identical(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-12: an instrument said exactly the same of both eyes, with an astigmatism."""
    for element, n in instances(sheet):
        right, left = (_as_said(sheet, element, n, side) for side in powers.EYES)
        pair = powers.pair(sheet, element, n)
        if right is not None and right == left and pair.right is not None and pair.right.cylinder:
            places = (Place(element, n, "sphere", side) for side in powers.EYES)
            yield found("V-12", "identical", *places, found=written(pair.right))


def _as_said(sheet: Sheet, element: str, n: int, side: Side) -> tuple[str, ...] | None:
    items = [sheet.get(Place(element, n, part, side)) for part in PARTS]
    known = [item for item in items if item is not None and item.origin is Origin.DEVICE]
    return tuple(item.entered for item in known) if len(known) == len(items) else None


def _prisms(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-14: horizontal prism of both eyes together, base in against base out."""
    most = limit("V-14", "most")
    for element, n in instances(sheet):
        places = [Place(element, n, "prism", side) for side in powers.EYES]
        total = abs(sum((_base_in(sheet.get(place)) for place in places), Decimal(0)))
        if total > most:
            held = [place for place in places if place in sheet]
            yield found("V-14", "much", *held, found=notation.measured(total), limit=most)


def _base_in(item: Item | None) -> Decimal:
    """Prism dioptres base in of one eye; a polar entry is left out."""
    structure = item.value.structure if item and item.value else None
    across = (structure or {}).get("horizontal")
    if across is None:
        return Decimal(0)
    return Decimal(across["power"]) * (1 if across["base"] == "in" else -1)


def _distance(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-bvd: a strong lens without the distance it was tested at; the final one counts where there is one."""
    least = limit("R-bvd", "dioptres")
    for element, n in instances(sheet, ("final", "manifest")):
        vertex = Place(element, n, "vertex", Side.NONE)
        strong = {side: power for side in powers.EYES if (power := _strongest(sheet, element, n, side)) is not None}
        over = [side for side, power in strong.items() if abs(power) >= least]
        if over and vertex not in sheet:
            told = found("R-bvd", "blank", vertex, eye=eye(over[0]), found=signed(strong[over[0]]))
            yield remarked(told) if element == "manifest" and sheet.instances("final") else told


def _strongest(sheet: Sheet, element: str, n: int, side: Side) -> Decimal | None:
    rx = powers.of(sheet, element, n, side)
    return max(rx.meridians, key=abs) if rx else None


def _unequal(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-aniso: eyes that differ much; only a remark when they did so before."""
    most, element = limit("R-aniso", "dioptres"), "final" if sheet.instances("final") else "manifest"
    for n in sheet.instances(element):
        right, left = (powers.of(sheet, element, n, side) for side in powers.EYES)
        if right is None or left is None or abs(right.equivalent - left.equivalent) <= most:
            continue
        apart, places = abs(right.equivalent - left.equivalent), (Place(element, n, "sphere", s) for s in powers.EYES)
        if _was_unequal(context, most):
            yield remarked(found("R-aniso", "known", *places, found=notation.magnitude(apart)))
            continue
        told = {"right": signed(right.equivalent, 3), "left": signed(left.equivalent, 3), "limit": most}
        yield found("R-aniso", "new", *places, found=notation.magnitude(apart), **told)


def _was_unequal(context: Context, most: Decimal) -> bool:
    past = context.history.last("final", "manifest")
    known = [powers.pair(past.sheet, element, n) for element, n in instances(past.sheet)] if past else []
    return any(one.right and one.left and abs(one.right.equivalent - one.left.equivalent) > most for one in known)


CHECKS: tuple[Check, ...] = (_whole, _stepped, _adds, _identical, _prisms, _distance, _unequal)
