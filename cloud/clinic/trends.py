"""Series over time from what stands signed: spherical equivalent, axial length, pressure, acuity, curvature.

Pure over recorded rows. Values that were copied and never confirmed, and those that could not be measured, are left
out; methods are never joined in one line.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from flask_babel import gettext as _

from cloud.clinic import powers, sheet, wording
from cloud.clinic.choices import Side
from cloud.clinic.models import Encounter, Observation
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet
from cloud.optics import keratometry
from cloud.optics.exact import rounded
from cloud.optics.terms import OutOfLimits
from cloud.web import notation
from cloud.web.charts import Point, Series, Target

ELEMENTS = (
    "manifest",
    "cycloplegic",
    "autorefraction",
    "biometry",
    "iop",
    "target_iop",
    "visual_acuity",
    "keratometry",
)
REFRACTIONS = ("manifest", "cycloplegic", "autorefraction")
ACUITIES = ("distance_best", "distance_unaided")
LOWEST_LINE = 5  # below it a base is a rank (CF, HM, LP, NLP), no measurement
Href = Callable[[int], str]
Eyes = tuple[tuple[Side, Literal["R", "L"]], ...]
EYES: Eyes = ((Side.RIGHT, "R"), (Side.LEFT, "L"))


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed visit, as far as its elements were asked for."""

    id: int
    at: datetime
    sheet: Sheet


def visits(recorded: Iterable[tuple[Encounter, Observation]]) -> list[Visit]:
    """Recorded rows by visit, the first one first; without copies that nobody confirmed."""
    rows: dict[int, list[Observation]] = {}
    when: dict[int, datetime] = {}
    for visit, row in recorded:
        rows.setdefault(visit.id, []).append(row)
        when[visit.id] = visit.began_at
    found = [Visit(key, when[key], _held(sheet.of_observations(some))) for key, some in rows.items()]
    return sorted(found, key=lambda one: (one.at, one.id))


def _held(whole: Sheet) -> Sheet:
    return Sheet({place: item for place, item in whole.items() if not item.copied})


def _series(find: Callable[[Visit, Side], Iterator[Point]], among: Sequence[Visit], name: str = "") -> list[Series]:
    return [Series(eye, [point for one in among for point in find(one, side)], name) for side, eye in EYES]


def _point(one: Visit, item: Item, value: Decimal, shown: str, href: Href, **about: str) -> Point:
    at = item.measured_at or one.at
    note = "; ".join(filter(None, [about.pop("note", ""), wording.doubtful(item)]))
    return Point(at, value, shown, note, href=href(one.id), **about)


def equivalents(among: Sequence[Visit], href: Href, language: str) -> list[Series]:
    """Spherical equivalent in dioptres, a line for each way of refracting."""

    def find(one: Visit, side: Side) -> Iterator[Point]:
        for element in REFRACTIONS:
            for n in one.sheet.instances(element)[:1]:
                rx, item = powers.of(one.sheet, element, n, side), one.sheet.get(Place(element, n, "sphere", side))
                if rx is not None and item is not None:
                    whole = Place(element, n, "cylinder", side) in one.sheet
                    note = "" if whole else str(_("no cylinder recorded"))
                    shown, method = notation.dioptres(rounded(rx.equivalent, 3)) or "", _way(one.sheet, element, n)
                    yield _point(one, item, rx.equivalent, shown, href, method=method, note=note)

    return _series(find, among)


def _way(of: Sheet, element: str, n: int) -> str:
    if element == "manifest":
        return str(_("subjective"))
    if element == "cycloplegic":
        return str(_("cycloplegic"))
    drops = of.code(element, n, "cycloplegic") == "yes"
    return str(_("autorefractor, cycloplegic") if drops else _("autorefractor"))


def measured(among: Sequence[Visit], element: str, field: str, href: Href, language: str) -> list[Series]:
    """A figure as it was measured, a line for each method: axial length in mm, pressure in mmHg."""

    def find(one: Visit, side: Side) -> Iterator[Point]:
        for n in one.sheet.instances(element):
            item = one.sheet.get(place := Place(element, n, field, side))
            if item is not None and item.value is not None and item.value.number is not None:
                shown = wording.shown(place, item, notation.Notation(), language)
                time = one.sheet.said(element, n, "time") or ""
                method = _method(one.sheet, element, n, language)
                yield _point(one, item, item.value.number, shown, href, method=method, note=time)

    return _series(find, among)


def _method(of: Sheet, element: str, n: int, language: str) -> str:
    code = of.code(element, n, "method")
    return wording.choice_words(element, "method", code, language) if code else ""


def acuities(among: Sequence[Visit], href: Href) -> list[Series]:
    """Distance acuity in logMAR, as entered in words; vision below the chart is no measurement and is left out."""
    names = {"distance_best": _("best corrected"), "distance_unaided": _("unaided")}
    return [one for field in ACUITIES for one in _series(_acuity(field, href), among, str(names[field]))]


def _acuity(field: str, href: Href) -> Callable[[Visit, Side], Iterator[Point]]:
    def find(one: Visit, side: Side) -> Iterator[Point]:
        item = one.sheet.get(place := Place("visual_acuity", 1, field, side))
        base = item.value.base if item and item.value else None
        if item is not None and base is not None and base >= LOWEST_LINE:
            logmar = (110 - base) / 50
            yield _point(one, item, logmar, item.entered.strip(), href, note=wording.also(place, item))

    return find


def curvatures(among: Sequence[Visit], href: Href) -> list[Series]:
    """Mean corneal power in dioptres (b.10), of the radii, else of the powers as printed."""

    def find(one: Visit, side: Side) -> Iterator[Point]:
        for n in one.sheet.instances("keratometry"):
            found = _mean_k(one.sheet, n, side)
            if found is not None:
                item, value = found
                yield _point(one, item, value, notation.magnitude(rounded(value, 2)) or "", href)

    return _series(find, among)


def _mean_k(of: Sheet, n: int, side: Side) -> tuple[Item, Decimal] | None:
    for fields in (("r1_radius", "r2_radius"), ("r1_power", "r2_power")):
        items = [of.get(Place("keratometry", n, field, side)) for field in fields]
        pair = [(item, item.value.number) for item in items if item and item.value and item.value.number]
        if len(pair) == len(fields):
            (item, first), (_item, second) = pair
            value = (first + second) / 2 if "power" in fields[0] else _of_radii(first, second)
            return (item, value) if value is not None else None
    return None


def _of_radii(flat: Decimal, steep: Decimal) -> Decimal | None:
    try:
        return keratometry.mean_k(flat, steep).value.mean_k
    except OutOfLimits:
        return None


def targets(among: Sequence[Visit]) -> list[Target]:
    """The target pressure of each eye as it was set last; one for both where they are the same."""
    last: dict[Literal["R", "L"], Decimal] = {}
    for one in among:
        for side, eye in EYES:
            figure = one.sheet.number("target_iop", 1, "target", side)
            last |= {eye: figure} if figure is not None else {}
    words = str(_("target, at most"))
    if len(last) == len(EYES) and len(set(last.values())) == 1:
        return [Target(last["R"], words)]
    return [Target(value, words, eye) for eye, value in last.items()]


def heard_from(among: Sequence[Visit], element: str, instruments: Mapping[str, str]) -> list[tuple[datetime, str]]:
    """Which instrument measured an element at each visit, as far as somebody or the instrument itself said."""
    found = []
    for one in among:
        told = one.sheet.said(element, 1, "instrument") or next(_sources(one, element, instruments), "")
        found += [(one.at, told)] if told else []
    return found


def _sources(one: Visit, element: str, instruments: Mapping[str, str]) -> Iterator[str]:
    known = (instruments.get(item.source or "") for _place, item in one.sheet.of(element))
    return (name for name in known if name)
