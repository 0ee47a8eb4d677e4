"""Figures over the years out of readings and of what stands signed, so that one picture says what became of an eye.

Pure over rows that have been fetched. A reading that went into a record is drawn once, from the record; one that was
rejected is not drawn. A line ends where another method, another test or (for thickness) another instrument begins.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from flask_babel import gettext as _

from cloud.clinic import slopes, treatments, trends, wording
from cloud.clinic.catalogue.shapes import Words
from cloud.clinic.choices import Side
from cloud.clinic.measuring import Figure, figures
from cloud.clinic.slopes import Enough
from cloud.clinic.slopes import Slope as Slope
from cloud.clinic.trends import EYES, Href, Visit
from cloud.readings.choices import Verdict
from cloud.readings.queries import Shown
from cloud.web import notation, times
from cloud.web.charts import Chart, Line, Mark, Point, Series
from cloud.web.frame import current_frame

FILE = Path(__file__).parent / "tables" / "courses.toml"
ELEMENTS = ("biometry", "iop", "target_iop", "keratometry", "oct", "visual_field", "pachymetry", "biomechanics")


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure: where it stands in a record, what its lines are split by; ``slope`` is in how many decimals."""

    code: str
    title: Words
    axis: Words
    unit: str
    element: str
    field: str
    split: Literal["method", "instrument", "test"]
    step: str = ""
    slope: int | None = None


class Seen(NamedTuple):
    """A point of an eye and the instrument that gave it, as far as it is known; ``taken`` from the record."""

    side: Literal["R", "L"]
    point: Point
    instrument: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a patient: signed visits, readings, which instrument a reading was from, and how one reads."""

    visits: Sequence[Visit]
    heard: Sequence[Shown]
    instruments: Mapping[str, str]
    language: str
    record: Href
    reading: Callable[[Shown], str]


@cache
def courses() -> dict[str, Course]:
    """Every figure that is followed, by code."""
    return {one.code: one for one in msgspec.convert(_read()["courses"], tuple[Course, ...])}


@cache
def enough() -> Enough:
    """Of how many visits over how many years a slope is told."""
    return msgspec.convert(_read()["slope"], Enough, strict=False)


@cache
def _read() -> dict[str, object]:
    return tomllib.loads(FILE.read_text("utf-8"), parse_float=Decimal)


def chart(course: Course, told: Told, done: Sequence[Mark] = ()) -> Chart:
    """The figure of both eyes, with what was done (``done``) and where another instrument began."""
    seen = _once([*_recorded(course, told), *_measured(course, told)])
    lines = [Series(eye, [one.point for one in seen if one.side == eye]) for _side, eye in EYES]
    marks = [*done, *_changes(course, seen)]
    targets = trends.targets(told.visits) if course.code == "pressure" else []
    title, axis = course.title.said(told.language), course.axis.said(told.language)
    return Chart(title, axis, course.unit, lines, marks=marks, targets=targets)


def _changes(course: Course, seen: Sequence[Seen]) -> list[Mark]:
    """Where another instrument measured in the same way; where each has its own line, where each began."""
    ways: dict[str, set[tuple[datetime, str]]] = {}
    for one in seen:
        if one.instrument:
            way = "" if course.split == "instrument" else one.point.method
            ways.setdefault(way, set()).add((one.point.at, one.instrument))
    if course.split == "instrument":
        first = {name: at for at, name in sorted(ways.get("", ()), reverse=True)}
        return treatments.changed_instruments(sorted((at, name) for name, at in first.items()))
    found = {mark for heard in ways.values() for mark in treatments.changed_instruments(sorted(heard))}
    return sorted(found, key=lambda mark: (mark.at, mark.words))


def found(course: Course, line: Line) -> Slope | None:
    """The slope of one line; a figure that follows treatment from hour to hour has none."""
    if course.slope is None:
        return None
    return slopes.slope([(times.in_store(point.at), point.value) for point in line.points], enough())


def mixed(line: Line, marks: Sequence[Mark]) -> bool:
    """Whether another instrument began within a line, so that its slope is partly the difference between the two."""
    first, last = line.points[0].at, line.points[-1].at
    return any(mark.kind == "device" and first < mark.at <= last for mark in marks)


def _once(seen: Sequence[Seen]) -> list[Seen]:
    """What somebody typed off an instrument is not drawn again from the instrument."""
    typed = {_same(one) for one in seen if one.taken}
    return sorted(
        (one for one in seen if one.taken or _same(one) not in typed), key=lambda one: (one.point.at, one.side)
    )


def _same(one: Seen) -> tuple[str, object, Decimal]:
    return one.side, times.in_store(one.point.at).date(), one.point.value


def _recorded(course: Course, told: Told) -> Iterator[Seen]:
    for one in told.visits:
        points = _of_visit(course, one, told)
        instrument = next((name for _at, name in trends.heard_from([one], course.element, told.instruments)), "")
        for side, point in points:
            if course.split == "instrument":
                point = replace(point, method=instrument or _("instrument not said"))
            elif course.split == "test":
                point = replace(point, method=_tested(one, told.language))
            yield Seen(side, point, instrument, True)


def _of_visit(course: Course, one: Visit, told: Told) -> Iterator[tuple[Literal["R", "L"], Point]]:
    if course.code == "curvature":
        series = trends.curvatures([one], told.record)
    else:
        series = trends.measured([one], course.element, course.field, told.record, told.language)
    return ((each.eye, point) for each in series for point in each.points)


def _tested(one: Visit, language: str) -> str:
    codes = [(field, one.sheet.code("visual_field", 1, field)) for field in ("test", "strategy")]
    return ", ".join(wording.choice_words("visual_field", field, code, language) for field, code in codes if code)


def _measured(course: Course, told: Told) -> Iterator[Seen]:
    taken = {item.source for one in told.visits for _place, item in one.sheet.of(course.element) if item.source}
    for shown in told.heard:
        if shown.state == Verdict.REJECTED.value or str(shown.id) in taken:
            continue
        for figure in figures(course.code, shown.reading):
            yield _seen(course, shown, figure, told)


def _seen(course: Course, shown: Shown, figure: Figure, told: Told) -> Seen:
    who = shown.reading.instrument
    instrument = f"{who.maker} {who.model}".strip()
    at, by_instrument = moment(shown)
    notes = [
        _("not yet accepted") if shown.state == Verdict.PROPOSED.value else "",
        _("day by the instrument's own clock") if by_instrument else "",
        *(doubt.text for doubt in shown.doubts if doubt.code in DOUBTED),
    ]
    text = notation.measured(figure.value) or ""
    note, way = "; ".join(filter(None, notes)), _way(course, figure, instrument, told.language)
    side: Literal["R", "L"] = "R" if figure.side is Side.RIGHT else "L"
    return Seen(side, Point(at, figure.value, text, note, way, told.reading(shown)), instrument, False)


DOUBTED = frozenset({"checksum_bad", "implausible", "unreliable_field", "weak_signal", "doubtful_puff"})


def _way(course: Course, figure: Figure, instrument: str, language: str) -> str:
    if course.split == "instrument":
        return instrument
    if course.split == "test":
        words = (
            (wording.choice_words("visual_field", field, code, language) if code else said)
            for field, code, said in figure.tested
        )
        return ", ".join(filter(None, words))
    if course.element == "iop":
        return wording.choice_words("iop", "method", figure.method, language) if figure.method else instrument
    return str(_("ultrasound")) if figure.method == "ultrasound" else ""


def moment(shown: Shown) -> tuple[datetime, bool]:
    """When it was measured, and whether only the instrument says so."""
    return shown.measured(current_frame().zone)
