"""A record beside the last one: how far each value moved, in its own sense, and whether that is beyond repeatability.

Refractions move as power vectors, so that an axis weighs as much as its cylinder; acuities in logMAR; pressures only
within one method; autorefractions only under the same drops and light. The limits are data, ``tables/repeatability``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from sqlalchemy.orm import Session

from cloud.clinic import powers, queries, tables
from cloud.clinic.catalogue.shapes import Kind
from cloud.clinic.checks import Context
from cloud.clinic.checks.since import purpose
from cloud.clinic.choices import Side
from cloud.clinic.errors import NoSuchEncounter
from cloud.clinic.history import History, Past
from cloud.clinic.models import Encounter
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet
from cloud.optics.exact import HALF_TURN, rounded
from cloud.optics.refraction import Refraction, signed
from cloud.optics.transposition import minus_form, plus_form
from cloud.web.notation import measured

_NONE = Side.NONE
_BASE_OF_ONE_LOGMAR = 50
_LOWEST_LINE = 5  # below it a base is a rank (CF, HM, LP, NLP), no measurement
# What must be the same for two measurements to be compared.
ALIKE = {
    "iop": ("method",),
    "autorefraction": ("cycloplegic", "condition"),
    "glasses": ("use",),
    "phoria": ("method", "correction"),
    "npc": ("target",),
    "pachymetry": ("method",),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood last at a place, when, and how far the value has moved since.

    ``delta`` is in ``unit`` and later less earlier (logMAR: positive is worse); None where no figure tells.
    """

    place: Place
    entered: str
    at: datetime
    encounter_id: int
    delta: Decimal | None
    unit: str
    beyond: bool
    words: str


@dataclass(frozen=True, slots=True)
class TwoVisits:
    """Two signed visits of one person, and how the later differs from the earlier."""

    earlier: Past
    later: Past
    differences: dict[Place, Difference]


def against_last(
    session: Session, visit: Encounter, sheet: Sheet, context: Context | None = None
) -> dict[Place, Difference]:
    """Every value of the sheet that the last signed visits have too."""
    return differences((context or Context.of(session, visit)).history, sheet)


def side_by_side(session: Session, patient_ids: Collection[int], encounter_ids: Collection[int]) -> TwoVisits:
    """Two visits of one person, in the order of time. Raises NoSuchEncounter, NotSigned."""
    if len(set(encounter_ids)) != 2:
        raise NoSuchEncounter(*encounter_ids)
    pasts = [_past(session, patient_ids, encounter_id) for encounter_id in set(encounter_ids)]
    earlier, later = sorted(pasts, key=lambda past: (past.began_at, past.encounter_id))
    return TwoVisits(earlier, later, differences(History([earlier]), later.sheet))


def _past(session: Session, patient_ids: Collection[int], encounter_id: int) -> Past:
    visit = queries.encounter(session, encounter_id)
    if visit.patient_id not in patient_ids:
        raise NoSuchEncounter(encounter_id)
    return Past(visit.id, visit.began_at, queries.signed(session, queries.standing(session, visit.id).id))


def differences(known: History, sheet: Sheet) -> dict[Place, Difference]:
    """The same without a database."""
    found: dict[Place, Difference] = {}
    for element in dict.fromkeys(place.element for place in sheet):
        for n in sheet.instances(element):
            for past, number in _forerunners(known, sheet, element, n):
                for one in _compared(sheet, element, n, past, number):
                    found.setdefault(one.place, one)
    return found


def _forerunners(known: History, sheet: Sheet, element: str, n: int) -> Iterator[tuple[Past, int]]:
    """Earlier recordings under the same conditions, newest visit first; within a visit the same place comes first."""
    asked = _conditions(sheet, element, n)
    for past in known.with_element(element):
        numbers = sorted(past.sheet.instances(element), key=lambda number: (number != n, number))
        yield from ((past, number) for number in numbers if _conditions(past.sheet, element, number) == asked)


def _conditions(sheet: Sheet, element: str, n: int) -> tuple[str | None, ...]:
    """``no`` and not told are the same: few say that nothing was dropped."""
    codes = (sheet.code(element, n, field) for field in ALIKE.get(element, ()))
    return (purpose(sheet, element, n), *(None if code == "no" else code for code in codes))


def _compared(sheet: Sheet, element: str, n: int, past: Past, number: int) -> Iterator[Difference]:
    if element in powers.ELEMENTS:
        yield from _refractions(sheet, element, n, past, number)
    for place, item in sheet.of(element, n):
        old = past.sheet.get(place._replace(n=number))
        if item.value is None or old is None or old.value is None:
            continue
        if place.spec.kind is Kind.VA:
            yield _acuity(place, item, old, past)
        elif (element, place.field) == ("iop", "iop"):
            yield _pressure(place, item, past, sheet.code("iop", n, "method"))
        elif step := tables.step_of(element, place.field):
            yield from _plain(place, item, old, past, step)


def _refractions(sheet: Sheet, element: str, n: int, past: Past, number: int) -> Iterator[Difference]:
    for side in powers.EYES:
        new, old = powers.of(sheet, element, n, side), powers.of(past.sheet, element, number, side)
        if new is None or old is None:
            continue
        moved, place, same = powers.apart(old, new), Place(element, n, "sphere", side), _in_form_of(new, old)
        whole, turned = _beyond("equivalent", moved.equivalent), _beyond("astigmatism", moved.astigmatism)
        yield _moved(place, _said(past, place, number), past, new.sphere - same.sphere, "D", whole)
        place = place.at("cylinder")
        if place in sheet:
            yield _moved(place, _said(past, place, number), past, new.cylinder - same.cylinder, "D", turned)
        if new.axis is not None and same.axis is not None:
            yield _axis(place.at("axis"), past, number, _turn(new.axis, same.axis), moved.astigmatism)


def _in_form_of(new: Refraction, old: Refraction) -> Refraction:
    """The old lens written as the new one is, so that their fields can be set beside each other."""
    return plus_form(old) if new.cylinder > 0 else minus_form(old) if new.cylinder < 0 else old


def _turn(new: Decimal, old: Decimal) -> Decimal:
    """From the old axis to the new, the short way round."""
    gap = (new - old + HALF_TURN) % HALF_TURN
    return gap - HALF_TURN if gap > HALF_TURN / 2 else gap


def _axis(place: Place, past: Past, number: int, turned: Decimal, worth: Decimal) -> Difference:
    day, beyond = tables.day(past.began_at), _beyond("astigmatism", worth)
    said = {"change": abs(turned), "worth": rounded(worth, 2), "day": day}
    words = tables.phrase("turned", **said) if turned else tables.phrase("same", day=day)
    return Difference(place, _said(past, place, number), past.began_at, past.encounter_id, turned, "°", beyond, words)


def _said(past: Past, place: Place, number: int) -> str:
    item = past.sheet.get(place._replace(n=number))
    return item.entered if item else ""


def _beyond(step: str, change: Decimal) -> bool:
    return abs(change) >= tables.steps()[step].limit


def _moved(place: Place, entered: str, past: Past, delta: Decimal, unit: str, beyond: bool) -> Difference:
    day = tables.day(past.began_at)
    change = signed(delta) if unit == "D" else f"{'+' if delta > 0 else ''}{measured(delta)}"
    words = tables.phrase("moved", change=change, unit=unit, day=day) if delta else tables.phrase("same", day=day)
    return Difference(place, entered, past.began_at, past.encounter_id, delta, unit, beyond, words)


def _plain(place: Place, item: Item, old: Item, past: Past, step: tables.Step) -> Iterator[Difference]:
    new = item.value.number if item.value else None
    then = old.value.number if old.value else None
    if new is not None and then is not None:
        yield _moved(place, old.entered, past, new - then, step.unit, abs(new - then) >= step.limit)


def _acuity(place: Place, item: Item, old: Item, past: Past) -> Difference:
    """In logMAR where both were on a chart; else what it was, marked when the rank has changed."""
    new, then = (one.value.base if one.value else None for one in (item, old))
    day, at = tables.day(past.began_at), past.began_at
    if new is None or then is None or min(new, then) < _LOWEST_LINE:
        changed = new != then if new is not None and then is not None else item.entered != old.entered
        words = tables.phrase("other", earlier=old.entered, day=day) if changed else tables.phrase("same", day=day)
        return Difference(place, old.entered, at, past.encounter_id, None, "", changed, words)
    worse = (then - new) / _BASE_OF_ONE_LOGMAR
    which = "worse" if worse > 0 else "better" if worse < 0 else "same"
    words = tables.phrase(which, change=rounded(abs(worse), 2), day=day)
    return Difference(place, old.entered, at, past.encounter_id, worse, "logMAR", _beyond("acuity", worse), words)


def _pressure(place: Place, item: Item, past: Past, method: str | None) -> Difference:
    """Against the median of all readings of that visit by the same method."""
    same = [n for n in past.sheet.instances("iop") if past.sheet.code("iop", n, "method") == method]
    known = [iop for n in same if (iop := past.sheet.number("iop", n, "iop", place.side)) is not None]
    then = median(known)
    delta = (item.value.number or Decimal(0)) - then if item.value else Decimal(0)
    return _moved(place, str(then), past, delta, "mmHg", _beyond("iop", delta))
