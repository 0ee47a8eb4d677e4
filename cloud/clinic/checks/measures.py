"""Distances, corneas, pressures, acuities and dates that cannot be, or hardly."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product

from cloud.clinic import powers, tables
from cloud.clinic.catalogue.shapes import Kind
from cloud.clinic.checks.finding import Check, Context, Finding, eye, found, limit, titled
from cloud.clinic.choices import Side
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet
from cloud.web import notation, times


def _pd(sheet: Sheet, field: str) -> Decimal | None:
    return sheet.number("pd", 1, field, Side.NONE)


def _pupils(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-05 and V-06: monocular distances make up the whole, and near is less than far."""
    for which in ("far", "near"):
        right, left, both = (_pd(sheet, name) for name in (f"{which}_right", f"{which}_left", which))
        if right is None or left is None or both is None or abs(right + left - both) <= limit("V-05", "mm"):
            continue
        place = Place("pd", 1, which, Side.NONE)
        yield found("V-05", which, place, right=right, left=left, sum=right + left, both=both)
    for suffix in ("", "_right", "_left"):
        far, near = _pd(sheet, f"far{suffix}"), _pd(sheet, f"near{suffix}")
        if far is not None and near is not None and near >= far:
            yield found("V-06", "not_less", Place("pd", 1, f"near{suffix}", Side.NONE), near=near, far=far)


# first and second in the order in which they may not fall, and what the finding is called
_CORNEAL = (("r2_radius", "r1_radius", "radius"), ("r1_power", "r2_power", "power"))


def _corneas(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-07: the flatter meridian first, and no maximum below it."""
    for n in sheet.instances("keratometry"):
        for side in powers.EYES:
            for less, more, which in _CORNEAL:
                low, high = (sheet.number("keratometry", n, name, side) for name in (less, more))
                if low is not None and high is not None and low > high:
                    first, second = (high, low) if which == "radius" else (low, high)
                    place = Place("keratometry", n, "r1_radius" if which == "radius" else "r1_power", side)
                    yield found("V-07", which, place, eye=eye(side), first=first, second=second)
    yield from _steepest(sheet)


def _steepest(sheet: Sheet) -> Iterator[Finding]:
    for n, side in product(sheet.instances("topography_summary"), powers.EYES):
        k_max, k2 = (sheet.number("topography_summary", n, name, side) for name in ("kmax_d", "k2"))
        if k_max is not None and k2 is not None and k_max < k2:
            place = Place("topography_summary", n, "kmax_d", side)
            yield found("V-07", "k_max", place, eye=eye(side), first=k_max, second=k2)


def _pressures(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-08: a pressure that is believed only when confirmed."""
    most = limit("V-08", "confirm_above")
    for place, item in sheet.of("iop"):
        value = item.value.number if item.value and place.field == "iop" else None
        if value is not None and value > most:
            yield found("V-08", "high", place, eye=eye(place.side), found=notation.measured(value), limit=most)


_BASE_OF_ONE_LOGMAR = 50


def _pinholes(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-11: the pinhole does better than the best correction."""
    for side in powers.EYES:
        pinhole, best = (Place("visual_acuity", 1, name, side) for name in ("distance_pinhole", "distance_best"))
        with_it, without = sheet.base(*pinhole), sheet.base(*best)
        if with_it is None or without is None:
            continue
        if (with_it - without) / _BASE_OF_ONE_LOGMAR >= limit("V-11", "logmar"):
            told = {"pinhole": sheet.said(*pinhole), "best": sheet.said(*best)}
            yield found("V-11", "better", pinhole, best, eye=eye(side), **told)


def _moments(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-13: measured later than now, or before the birth."""
    latest = context.at + timedelta(minutes=int(limit("V-13", "minutes")))
    for place, item in sheet.items():
        if item.measured_at is not None and item.measured_at > latest:
            yield found("V-13", "future", place, element=titled(place.element), found=_when(item.measured_at))
    yield from _dates(context, sheet)


def _when(moment: datetime) -> str:
    return f"{tables.day(moment)} {times.clock(moment)}"


def _dates(context: Context, sheet: Sheet) -> Iterator[Finding]:
    for place, item in sheet.items():
        if place.spec.kind is not Kind.DATE or item.value is None or place.field == "expiry":
            continue
        told = {"element": titled(place.element), "found": item.entered}
        earliest, latest = _span(item.entered)
        if context.born is not None and latest < context.born:
            yield found("V-13", "unborn", place, limit=context.born.isoformat(), **told)
        elif earliest > context.at.date() + timedelta(days=1):
            yield found("V-13", "later", place, **told)


def _span(entered: str) -> tuple[date, date]:
    """First and last day that a date, a month or a year can mean."""
    parts = [int(part) for part in entered.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        first = date(parts[0], parts[1], 1)
        return first, date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1) - timedelta(days=1)
    return (day := date.fromisoformat(entered)), day


CHECKS: tuple[Check, ...] = (_pupils, _corneas, _pressures, _pinholes, _moments)
