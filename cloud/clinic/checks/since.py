"""Refractions and lengths beside the last signed visit: what seldom happens to an eye and often to a hand."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from cloud.clinic import powers, tables
from cloud.clinic.checks.finding import Check, Context, Finding, eye, found, limit
from cloud.clinic.choices import Side
from cloud.clinic.history import Past
from cloud.clinic.places import Place
from cloud.clinic.powers import Pair
from cloud.clinic.sheet import Sheet
from cloud.optics.exact import HALF_TURN
from cloud.optics.refraction import BadRefraction, Refraction, signed, written
from cloud.optics.transposition import minus_form, other_form
from cloud.web import notation

JUDGED = ("final", "manifest")
NEARER = ("near", "intermediate", "office")  # uses whose powers are not those for distance


class Beside(NamedTuple):
    """One eye now and at the last signed visit that has the like."""

    place: Place
    now: Refraction
    then: Refraction
    at: datetime


def beside(context: Context, sheet: Sheet) -> Iterator[Beside]:
    """Every final and manifest refraction of an eye with its forerunner."""
    for element in JUDGED:
        for n in sheet.instances(element):
            past, known = forerunner(context, sheet, element, n)
            for side in powers.EYES if past else ():
                new, old = powers.of(sheet, element, n, side), known.of(side)
                if past and new is not None and old is not None:
                    yield Beside(Place(element, n, "sphere", side), new, old, past.began_at)


def forerunner(context: Context, sheet: Sheet, element: str, n: int) -> tuple[Past | None, Pair]:
    """The last refraction of the same use: of the same element, else of the other one that says what the eye is."""
    for one in (element, *(other for other in JUDGED if other != element)):
        for past in context.history.with_element(one):
            for number in past.sheet.instances(one):
                if purpose(past.sheet, one, number) == purpose(sheet, element, n):
                    return past, powers.pair(past.sheet, one, number)
    return None, Pair(None, None)


def purpose(sheet: Sheet, element: str, n: int) -> str:
    """What a final refraction is for; anything else, and what does not say, is for distance."""
    code = sheet.code("final", n, "purpose") if element == "final" else None
    return code if code in NEARER else "distance"


def _jumps(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-20 and R-jump: how far the spherical equivalent went, and in what time."""
    soon, far = limit("V-20", "dioptres"), limit("R-jump", "dioptres")
    for one in beside(context, sheet):
        change, days = one.now.equivalent - one.then.equivalent, (context.began_at - one.at).days
        told = {**_both(one, one.now.equivalent, one.then.equivalent), "change": signed(change, 3)}
        if abs(change) > soon and days <= limit("V-20", "days"):
            yield found("V-20", "jump", one.place, days=days, **told)
        elif abs(change) > far:
            yield found("R-jump", "jump", one.place, **told)


def _both(one: Beside, new: Decimal, old: Decimal) -> dict[str, str]:
    side, day = eye(one.place.side), tables.day(one.at)
    return {"eye": side, "found": signed(new, 3), "earlier": signed(old, 3), "day": day}


def _signs(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-sign: minus has become plus, or plus minus."""
    least = limit("R-sign", "dioptres")
    for one in beside(context, sheet):
        new, old = one.now.equivalent, one.then.equivalent
        if min(abs(new), abs(old)) >= least and (new > 0) != (old > 0):
            yield found("R-sign", "changed", one.place, **_both(one, new, old))


def _exchanged(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-swap: both eyes fit the last visit, or today's autorefraction, much better the other way round."""
    margin, share = limit("R-swap", "margin"), limit("R-swap", "share")
    for element in JUDGED:
        for n in sheet.instances(element):
            pair = powers.pair(sheet, element, n)
            for which, day, known in _references(context, sheet, element, n):
                turned = powers.looks_exchanged(pair, known, margin, share)
                if turned is not None:
                    places = (Place(element, n, "sphere", side) for side in powers.EYES)
                    told = {"apart": notation.magnitude(_two(turned.as_given)), "day": day}
                    yield found("R-swap", which, *places, **told, exchanged=notation.magnitude(_two(turned.exchanged)))
                    break


def _two(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _references(context: Context, sheet: Sheet, element: str, n: int) -> Iterator[tuple[str, str, Pair]]:
    past, known = forerunner(context, sheet, element, n)
    if past is not None:
        yield "last", tables.day(past.began_at), known
    if purpose(sheet, element, n) == "distance":
        for number in sheet.instances("autorefraction"):
            yield "today", "", powers.pair(sheet, "autorefraction", number)


def turn(one: Decimal, other: Decimal) -> Decimal:
    """Between two axes, the short way round, degrees."""
    apart = abs(one - other) % HALF_TURN
    return min(apart, HALF_TURN - apart)


def _axes(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-axis: an axis that turned although the cylinder is strong enough to hold it."""
    least, most = limit("R-axis", "cylinder"), limit("R-axis", "degrees")
    for one in beside(context, sheet):
        new, old = minus_form(one.now), minus_form(one.then)
        if new.axis is None or old.axis is None or min(-new.cylinder, -old.cylinder) < least:
            continue
        if (change := turn(new.axis, old.axis)) > most:
            told = {"found": notation.axis(new.axis), "earlier": notation.axis(old.axis), "day": tables.day(one.at)}
            place = one.place.at("axis")
            yield found(
                "R-axis", "turned", place, eye=eye(place.side), cylinder=signed(new.cylinder), change=change, **told
            )


def _adds(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-add-down: an add below the last one."""
    for element in JUDGED:
        for n in sheet.instances(element):
            for side in powers.EYES:
                place = Place(element, n, "add", side)
                known, new = context.history.item(Place(element, 1, "add", side)), sheet.number(*place)
                old = known[0].value.number if known and known[0].value else None
                if known and new is not None and old is not None and new < old:
                    told = {"found": signed(new), "earlier": signed(old), "day": tables.day(known[1].began_at)}
                    yield found("R-add-down", "less", place, eye=eye(side), **told)


def _transposed(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """R-transposed: a copy of another refraction in which one step of the transposition is missing."""
    for element in JUDGED:
        for n in sheet.instances(element):
            for side in powers.EYES:
                rx = powers.of(sheet, element, n, side)
                for reference in _copied_from(context, sheet, element, n, side) if rx else ():
                    if rx and (slip := slipped(rx, reference)):
                        place = Place(element, n, "cylinder", side)
                        told = {"found": written(rx), "reference": written(reference)}
                        yield found("R-transposed", slip, place, eye=eye(side), **told)
                        break


def _copied_from(context: Context, sheet: Sheet, element: str, n: int, side: Side) -> Iterator[Refraction]:
    """What somebody may have had before their eyes: today's other refractions, and the last visit's."""
    _past, known = forerunner(context, sheet, element, n)
    today = [(one, number) for one in powers.ELEMENTS if one != element for number in sheet.instances(one)]
    every = [*(powers.of(sheet, one, number, side) for one, number in today), known.of(side)]
    return (rx for rx in every if rx is not None)


def slipped(rx: Refraction, reference: Refraction) -> str | None:
    """Which step is missing when ``rx`` was copied from ``reference``; None when none is, or it is no copy."""
    if reference.axis is None or rx in (reference, other_form(reference)):
        return None
    return next((name for name, slip in _slips(reference) if slip == rx), None)


def _slips(known: Refraction) -> Iterator[tuple[str, Refraction]]:
    whole = other_form(known)
    try:
        yield "cylinder_sign", Refraction(known.sphere, -known.cylinder, known.axis)
        yield "axis", Refraction(whole.sphere, whole.cylinder, known.axis)
        yield "sphere", Refraction(known.sphere, whole.cylinder, whole.axis)
        if known.sphere:
            yield "sphere_sign", Refraction(-known.sphere, known.cylinder, known.axis)
    except BadRefraction:
        return


def _shrunk(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """V-09: an eye that has become shorter."""
    least = limit("V-09", "shrinks_by")
    for n in sheet.instances("biometry"):
        for side in powers.EYES:
            place = Place("biometry", n, "axial_length", side)
            known, new = context.history.item(place._replace(n=1)), sheet.number(*place)
            old = known[0].value.number if known and known[0].value else None
            if known and new is not None and old is not None and old - new > least:
                told = {"found": new, "earlier": old, "change": old - new, "day": tables.day(known[1].began_at)}
                yield found("V-09", "shrunk", place, eye=eye(side), **told)


CHECKS: tuple[Check, ...] = (_jumps, _signs, _exchanged, _axes, _adds, _transposed, _shrunk)
