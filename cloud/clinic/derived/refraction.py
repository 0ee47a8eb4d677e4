"""What follows from refractions: equivalents, other forms, other distances, means and differences."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from cloud.clinic import powers
from cloud.clinic.choices import Side
from cloud.clinic.derived.line import Given, Line, Placed, dioptres, line, listed, words
from cloud.clinic.sheet import Sheet
from cloud.optics import amblyopia, contact_lens, equivalent, near, transposition, vectors, vertex
from cloud.optics.exact import rounded
from cloud.optics.refraction import Refraction, signed, written

_REFRACTED = ("manifest", "cycloplegic", "trial_frame", "final")


def lines(given: Given) -> Iterator[Placed]:
    """Of every element that holds a refraction."""
    for element in powers.ELEMENTS:
        for n, side in product(given.sheet.instances(element), powers.EYES):
            rx = powers.of(given.sheet, element, n, side)
            if rx is not None:
                yield from (((element, n), found) for found in _of_one(given, element, n, side, rx))
    yield from _unequal(given)
    yield from _means(given)
    yield from _retinoscopies(given)


def _of_one(given: Given, element: str, n: int, side: Side, rx: Refraction) -> Iterator[Line]:
    ask = given.rules.ask
    yield from line(side, ask(equivalent.spherical, rx), dioptres)
    if rx.axis is not None:
        yield from line(side, ask(transposition.transposed, rx), written)
    if element in _REFRACTED:
        yield from _elsewhere(given, element, n, side, rx)
    if element == "manifest":
        yield from _from_objective(given, side, rx)


def _elsewhere(given: Given, element: str, n: int, side: Side, rx: Refraction) -> Iterator[Line]:
    """At the cornea, where a meridian is strong enough for it to matter; and the contact lens to begin with."""
    ask, at = given.rules.ask, given.sheet.number(element, n, "vertex", Side.NONE) or vertex.USUAL_MM
    if vertex.matters(rx):
        found = ask(vertex.refraction_at, rx, at)
        yield from line(side, found, lambda one: words("cornea", rx=written(one.rx)))
    if _begins_a_lens(given, element):
        start = ask(contact_lens.starting_power, rx, at)
        yield from line(
            side, start, lambda one: words("start", lens=written(one.lens), residual=signless(one.residual))
        )


def _begins_a_lens(given: Given, element: str) -> bool:
    """Only where contact lenses are looked after; of the final refraction, else of the manifest one."""
    fitted = any(given.sheet.instances(one) or given.context.asks(one) for one in ("cl_history", "cl_fit"))
    return fitted and element == ("final" if given.sheet.instances("final") else "manifest")


def signless(value: Decimal) -> str:
    """Two decimals."""
    return str(rounded(abs(value), 2))


def _from_objective(given: Given, side: Side, rx: Refraction) -> Iterator[Line]:
    """How far the manifest refraction lies from the last autorefraction of today."""
    every = [powers.of(given.sheet, "autorefraction", n, side) for n in given.sheet.instances("autorefraction")]
    known = [one for one in every if one is not None]
    if known:
        found = given.rules.ask(vectors.change, known[-1], rx)
        title = words("objective")
        yield from line(
            side, found, lambda one: words("gap", equivalent=signed(one.dm), whole=signless(one.length)), title
        )


def _unequal(given: Given) -> Iterator[Placed]:
    for element in ("final", "manifest"):
        for n in given.sheet.instances(element):
            right, left = powers.pair(given.sheet, element, n)
            if right is not None and left is not None:
                found = given.rules.ask(amblyopia.anisometropia, right, left)
                show = line(Side.NONE, found, lambda one: listed(one) or None)
                yield from (((element, n), one) for one in show)


def _means(given: Given) -> Iterator[Placed]:
    """The vector mean of several autorefractions under the same drops and light; under the last of them."""
    together: dict[tuple[str | None, ...], list[int]] = {}
    for n in given.sheet.instances("autorefraction"):
        together.setdefault(_circumstances(given.sheet, n), []).append(n)
    for numbers, side in product(together.values(), powers.EYES):
        every = [powers.of(given.sheet, "autorefraction", n, side) for n in numbers]
        known = [one for one in every if one is not None]
        if len(known) > 1:
            found = given.rules.ask(vectors.mean, known)
            show = line(side, found, lambda one: words("mean", rx=written(one.rx), count=one.count))
            yield from ((("autorefraction", numbers[-1]), one) for one in show)


def _circumstances(sheet: Sheet, n: int) -> tuple[str | None, ...]:
    codes = (sheet.code("autorefraction", n, field) for field in ("cycloplegic", "condition"))
    return tuple(None if code == "no" else code for code in codes)


_CM = Decimal(100)


def _retinoscopies(given: Given) -> Iterator[Placed]:
    """Less the working distance; without one nothing is taken off and nothing shown."""
    for n, side in product(given.sheet.instances("retinoscopy"), powers.EYES):
        distance = given.sheet.number("retinoscopy", n, "working_distance_cm", Side.NONE)
        gross = _gross(given.sheet, n, side)
        if distance and gross is not None:
            found = given.rules.ask(near.net_retinoscopy, gross, distance / _CM)
            show = line(side, found, lambda one: written(transposition.minus_form(one)))
            yield from ((("retinoscopy", n), one) for one in show)


def _gross(sheet: Sheet, n: int, side: Side) -> Refraction | None:
    """Two meridians as a refraction: along its axis a lens has the power of its sphere."""
    names = ("m1_power", "m1_axis", "m2_power")
    first, axis, second = (sheet.number("retinoscopy", n, name, side) for name in names)
    if first is None:
        return None
    return powers.read(first, Decimal(0) if second is None else second - first, axis)
