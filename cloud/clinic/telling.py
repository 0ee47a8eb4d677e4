"""Cases in words: whose, when, of which eye, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from cloud.clinic import grid, wording
from cloud.clinic.cases import Case, figures
from cloud.clinic.choices import Side
from cloud.clinic.models import DrawnFinding
from cloud.web import drawing, notation
from cloud.web.notation import Notation

Beside = Mapping[tuple[int, int], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One case as a page and a spreadsheet show it; ``patient`` is the record that is open."""

    patient: Any
    at: datetime
    encounter_id: int
    eye: str
    what: str
    value: str


def lines(
    found: Sequence[Case], whose: Mapping[int, Any], beside: Beside, written: Notation, language: str
) -> list[Line]:
    """Each case as a line."""
    return [_line(one, whose[one.patient_id], beside, written, language) for one in found]


def _line(one: Case, patient: Any, beside: Beside, written: Notation, language: str) -> Line:
    side, what, value = one.side, grid.title(one.element, language), ""
    if one.finding is not None:
        value = finding(one.finding, language)
    elif one.code is not None:
        told = beside.get((one.version_id, one.n), {})
        side = Side(told["eye"]) if told.get("eye") in set(Side) else side
        status = wording.choice_words("diagnosis", "status", told.get("status", ""), language)
        value = " · ".join(part for part in (diagnosis(one.code, language), status) if part)
    else:
        what, value = _figure(one, language)
    return Line(patient, one.at, one.encounter_id, eye(side, written), what, value)


def _figure(one: Case, language: str) -> tuple[str, str]:
    known = figures()[one.measured]
    figure = notation.dioptres(one.figure) if known.unit == "D" else f"{one.figure:f}"
    return known.words.said(language), f"{figure} {known.unit}"


def finding(row: DrawnFinding, language: str) -> str:
    """A drawn finding on one line: ``Flame haemorrhage, 4 o'clock, posterior pole``."""
    canvas = drawing.canvas(row.canvas)
    sign = canvas.sign(row.code) if canvas else None
    zone = next((one for one in canvas.zones if one.code == row.zone), None) if canvas else None
    parts = [
        sign.words.in_language(language) if sign else row.code,
        _("%(hour)s o’clock", hour=row.clock_hour) if row.clock_hour else "",
        zone.words.in_language(language) if zone else row.zone or "",
        f"{row.size:f} {row.unit}" if row.size is not None and row.unit else "",
        _("grade %(grade)s", grade=f"{row.grade.normalize():f}") if row.grade is not None else "",
        f"× {row.count}" if row.count else "",
    ]
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)


def signs(language: str) -> list[tuple[str, str]]:
    """Everything that can be drawn, with the canvases it can be drawn on, as a list to choose from."""
    found: dict[str, tuple[str, list[str]]] = {}
    for canvas in drawing.canvases().values():
        for sign in canvas.doodles:
            words = canvas.words.in_language(language)
            found.setdefault(sign.code, (sign.words.in_language(language), []))[1].append(words)
    named = [(code, f"{words} ({', '.join(where)})") for code, (words, where) in found.items()]
    return sorted(named, key=lambda one: one[1])


def diagnosis(coded: str, language: str) -> str:
    """What a diagnosis is called, with its code."""
    return wording.diagnosis(coded, language)


def eye(side: Side, written: Notation) -> str:
    """The eye in the chain's notation; nothing for what is of no eye."""
    return grid.eye(side, written)
