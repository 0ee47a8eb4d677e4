"""What follows from phorias, vergences and accommodation: the classic criteria, and what lies beside its norm."""

from collections.abc import Iterator
from decimal import Decimal

from cloud.clinic import tables
from cloud.clinic.choices import Side
from cloud.clinic.derived.line import Given, Line, Placed, dioptres, line, words
from cloud.clinic.sheet import Sheet
from cloud.optics import binocular, criteria, near, norms
from cloud.optics.binocular import Proposal
from cloud.optics.checks import Verdict
from cloud.optics.exact import rounded
from cloud.optics.norms import Beside
from cloud.optics.rule import Derived
from cloud.optics.terms import terms
from cloud.web.notation import measured

# How far the lens put before the eyes changed their accommodation.
LENSES = {"minus_1": "-1", "plus_1": "1", "minus_2": "-2", "plus_2": "2", "plus_3": "3"}
# Fields that a norm table speaks of, by element, field and side, and what the table calls them.
MEASURES = {
    ("phoria", "distance_horizontal"): "phoria_distance",
    ("phoria", "near_horizontal"): "phoria_near",
    ("npc", "break"): "npc_break",
    ("npc", "recovery"): "npc_recovery",
    ("aca", "gradient"): "ac_a",
    ("accommodation", "nra"): "nra",
    ("accommodation", "pra"): "pra",
    ("accommodation", "fcc"): "fcc",
    ("accommodation", "mem"): "mem_lag",
    ("facility", "vergence_cpm"): "vergence_facility",
    ("stereo", "arcsec"): "stereo",
}


def number(sheet: Sheet, element: str, field: str, side: Side = Side.NONE) -> Decimal | None:
    """A figure of the first recording of an element."""
    return sheet.number(element, 1, field, side)


def lines(given: Given) -> Iterator[Placed]:
    """Under the element that each is about."""
    yield from ((("phoria", 1), one) for one in _phorias(given))
    yield from ((("aca", 1), one) for one in _ratios(given))
    yield from ((("accommodation", 1), one) for one in _accommodation(given))
    yield from _outside(given)


def _phorias(given: Given) -> Iterator[Line]:
    for where in ("distance", "near"):
        phoria = number(given.sheet, "phoria", f"{where}_horizontal")
        ranges = {way: _range(given.sheet, way, where) for way in ("bi", "bo")}
        yield from _sheard(given, where, phoria, ranges)
        if ranges["bi"] is not None and ranges["bo"] is not None:
            found = given.rules.ask(binocular.percival, ranges["bi"], ranges["bo"])
            yield from _criterion(words(where), found)
        recovery = number(given.sheet, "vergence", f"bi_{where}_recovery")
        if phoria is not None and phoria > 0 and recovery is not None:
            yield from _criterion(words(where), given.rules.ask(binocular.one_to_one, phoria, recovery))
    yield from _criteria(given)


def _range(sheet: Sheet, way: str, where: str) -> Decimal | None:
    """To the blur, and to the break where there was none."""
    blur = number(sheet, "vergence", f"{way}_{where}_blur")
    return number(sheet, "vergence", f"{way}_{where}_break") if blur is None else blur


def _sheard(given: Given, where: str, phoria: Decimal | None, ranges: dict[str, Decimal | None]) -> Iterator[Line]:
    """Exo is held by base-out, eso by base-in range."""
    reserve = None if not phoria else ranges["bo" if phoria < 0 else "bi"]
    if phoria and reserve is not None:
        ratio = number(given.sheet, "aca", "gradient")
        found = given.rules.ask(binocular.sheard, phoria, reserve, ratio or None)
        yield from _criterion(words(where), found)


def _criterion(where: str, found: Derived[Proposal] | None) -> Iterator[Line]:
    return line(Side.NONE, found, lambda one: _put(where, one))


def _put(where: str, found: Proposal) -> str:
    if found.met or found.base is None:
        return words("holds", where=where)
    return words("prism", where=where, prism=rounded(found.prism, 2), base=words(found.base))


def _criteria(given: Given) -> Iterator[Line]:
    """Counted, never named a diagnosis; nothing where none is met."""
    far, close = (number(given.sheet, "phoria", f"{where}_horizontal") for where in ("distance", "near"))
    if far is None or close is None:
        return
    npc, ask = number(given.sheet, "npc", "break"), given.rules.ask
    reserve = _range(given.sheet, "bo", "near")
    yield from line(Side.NONE, ask(criteria.convergence_insufficiency, far, close, npc, reserve), _met)
    blur, broken, again = (number(given.sheet, "vergence", f"bi_near_{part}") for part in ("blur", "break", "recovery"))
    cpm = number(given.sheet, "facility", "vergence_cpm")
    yield from line(Side.NONE, ask(criteria.convergence_excess, far, close, blur, broken, again, cpm), _met)


def _met(found: Verdict) -> str | None:
    return words("met", met=found.met, known=found.looked_at) if found.met else None


def _ratios(given: Given) -> Iterator[Line]:
    sheet, ask = given.sheet, given.rules.ask
    before, after = (number(sheet, "aca", name) for name in ("phoria_before", "phoria_after"))
    lens = LENSES.get(sheet.code("aca", 1, "method") or "")
    if before is not None and after is not None and lens:
        yield from line(Side.NONE, ask(binocular.gradient, before, after, Decimal(lens)), _ratio)
    pd, far, close = (number(sheet, *at) for at in (("pd", "far"), *_PHORIAS))
    if pd is not None and far is not None and close is not None:
        metres = (number(sheet, "phoria", "near_distance_cm") or Decimal(40)) / 100
        yield from line(Side.NONE, ask(binocular.heterophoria, pd / 10, far, close, metres), _ratio)


_PHORIAS = (("phoria", "distance_horizontal"), ("phoria", "near_horizontal"))


def _ratio(found: Decimal) -> str:
    return f"{rounded(found, 1)} Δ/D".replace("-", "−")


def _accommodation(given: Given) -> Iterator[Line]:
    sheet, ask, age = given.sheet, given.rules.ask, given.context.age
    nra, pra = (number(sheet, "accommodation", name, Side.BOTH) for name in ("nra", "pra"))
    if nra is not None and pra is not None:
        found = ask(near.relative, nra, pra)
        yield from line(Side.NONE, found, lambda one: words("add_change", change=dioptres(one.add_change)))
    for side in (Side.RIGHT, Side.LEFT, Side.BOTH):
        yield from _of_eye(given, side, None if age is None else Decimal(age))


def _of_eye(given: Given, side: Side, age: Decimal | None) -> Iterator[Line]:
    ask, amplitude = given.rules.ask, number(given.sheet, "accommodation", "amplitude_push_up", side)
    cycles = number(given.sheet, "accommodation", "facility", side)
    if age is None:
        return
    if amplitude is not None:
        yield from line(side, ask(near.amplitude_for_age, age, amplitude), _amplitude)
        yield from line(side, ask(criteria.accommodative_insufficiency, age, amplitude), _met)
    if cycles is not None:
        eyes = "binocular" if side is Side.BOTH else "monocular"
        yield from line(side, ask(norms.facility, age, eyes, cycles), _beside)
        one, both = (None, cycles) if side is Side.BOTH else (cycles, None)
        yield from line(side, ask(criteria.accommodative_infacility, one, both), _met)


def _amplitude(found: near.Against) -> str:
    least = rounded(found.minimum, 2)
    if found.below_minimum > 0:
        return words("amplitude", below=rounded(found.below_minimum, 2), minimum=least)
    return words("enough", minimum=least)


def _outside(given: Given) -> Iterator[Placed]:
    """Findings beside their norm, only where they lie outside."""
    age = given.context.age
    for place, item in given.sheet.items():
        measure = MEASURES.get((place.element, place.field)) or _vergence(place.element, place.field)
        value = item.value.number if item.value else None
        if measure is None or value is None:
            continue
        found = given.rules.ask(norms.against_norm, measure, value, None if age is None else Decimal(age))
        title = place.spec.title.said(tables.language())
        yield from (((place.element, place.n), one) for one in line(place.side, found, _beside, title))


def _vergence(element: str, field: str) -> str | None:
    return field if element == "vergence" and field.startswith(("bi_", "bo_")) else None


def _beside(found: Beside | None) -> str | None:
    if found is None or found.position == "within":
        return None
    position = (terms()["position"].options or {})[found.position].spoken(tables.language())
    told = {"position": position, "least": _end(found.norm_from), "most": _end(found.norm_to)}
    if found.norm_from is None:
        return words("norm_most", **told)
    return words("norm_least" if found.norm_to is None else "norm_range", **told)


def _end(value: Decimal | None) -> str:
    return "" if value is None else str(measured(value.normalize() if value else value))
