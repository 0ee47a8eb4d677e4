"""From lines to readings: one a stage and distance, one of the corneas, one of the tests of both eyes."""

import re
from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.readings import (
    UNNAMED,
    BinocularTest,
    BinocularVision,
    Instrument,
    Keratometry,
    Pd,
    Prism,
    Reading,
    SubjectiveEye,
    SubjectiveRefraction,
)
from protocols.sheet import Margin, blank, figure, integrity, measured_at
from protocols.tomey_tap import binocular, cornea
from protocols.tomey_tap.grammar import DIALECT, Line, lines
from protocols.tomey_tap.stages import STAGES, VALUES, Stages

_MAKERS = {"PHOROMAT": "Rodenstock", "PDR": "Potec"}  # Tomey's own is the TAP-2000
_MODEL = re.compile(r"[A-Za-z][A-Za-z0-9 -]{2,}")
_WHOLE = re.compile(r" *(\d{1,3}) *")
_PASSED_ON = "The phoropter handed these figures on; it did not measure them."
_AT_WORK = ("subjective", "final")  # the stages for which the phoropter's own working distance counts


class Gathered:
    """A transmission, line by line. ``told`` goes to every reading, ``margin`` to the first."""

    def __init__(self, told: Margin) -> None:
        self.told, self.margin = told, Margin()
        self.stages = Stages(self.margin)
        self.corneas: cornea.Corneas = {}
        self.tests: list[BinocularTest] = []
        self.model = ""
        self.pd: dict[str, Decimal] = {}
        self.working_cm: int | None = None
        self.measured_at: str | None = None
        self._lines = 0

    def take(self, line: Line) -> None:
        """One line."""
        self._lines += 1
        tag = line.tag.upper()
        if tag in STAGES and not line.fields:
            self.stages.begin(line.tag)
        elif tag in VALUES:
            self.stages.take(line)
        elif tag == "PD":
            self._distances(line)
        elif self._lines == 1 and _MODEL.fullmatch(line.tag):
            self._named(line)
        else:
            self._single(line)

    def _single(self, line: Line) -> None:
        if line.tag == "KM" and line.fields:
            cornea.take(line, self.corneas, self.margin)
        elif line.tag in binocular.NAMES:
            self._test(line)
        elif line.tag == "TIME" and line.fields:
            self.measured_at = measured_at(line.fields[0], self.told, "TIME")
        elif line.tag == "WD":
            self._working(line)
        elif line.tag not in ("KM", "AV"):
            self.margin.unreadable("line", line.text)

    def _test(self, line: Line) -> None:
        test = binocular.read(line)
        if test is None:
            self.margin.unreadable(line.tag, line.text)
        else:
            self.tests.append(test)

    def _named(self, line: Line) -> None:
        """Whether the number behind the name is the unit's, the patient's or runs is not told: it stays apart."""
        self.model = line.tag
        if not blank(*line.fields):
            self.margin.keep(line.tag, "|".join(line.fields))

    def _distances(self, line: Line) -> None:
        names = ("near_left", "near_right") if line.tag.islower() else ("far_left", "far_right")
        said = {name: figure(text) for name, text in zip(names, line.fields, strict=False) if not blank(text)}
        if not line.ended or len(line.fields) != 2 or None in said.values():
            self.margin.unreadable(line.tag, line.text)
        else:
            self.pd |= {name: value for name, value in said.items() if value}

    def _working(self, line: Line) -> None:
        found = _WHOLE.fullmatch(line.fields[0]) if line.ended and len(line.fields) == 1 else None
        if found:
            self.working_cm = int(found[1]) or None
        elif not blank(*line.fields):
            self.margin.unreadable(line.tag, line.text)


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of a transmission. Raises Unread."""
    return from_lines(raw, raw, Margin())


def from_lines(raw: bytes, plain: bytes, told: Margin) -> tuple[Reading, ...]:
    """The same, of lines that stand in ``plain``, with notes for every reading. Raises Unread when there is none."""
    gathered = Gathered(told)
    for line in lines(plain):
        gathered.take(line)
    readings = [*_refractions(gathered), *_others(gathered)]
    if not readings:
        raise Unread("The transmission is whole, but no stage and no test in it could be read.")
    common = _common(raw, gathered)
    kept = {"notes": (*told.notes, *gathered.margin.notes), "extra": {**told.extra, **gathered.margin.extra}}
    first, *rest = readings
    return (_made(first, common | kept), *(_made(one, common | {"notes": tuple(told.notes)}) for one in rest))


Draft = tuple[type[Reading], dict[str, Any]]


def _made(draft: Draft, common: dict[str, Any]) -> Reading:
    kind, keys = draft
    notes = (*common["notes"], *keys.pop("notes", ()))
    return kind(**common | {"notes": notes}, **keys)


def _refractions(gathered: Gathered) -> list[Draft]:
    return [
        (SubjectiveRefraction, {"stage": stage, "distance": distance, **_tops(stage, gathered), **said})
        for (stage, distance), eyes in gathered.stages.found.items()
        if (said := {side: _eye(keys) for side, keys in eyes.items() if keys})
    ]


def _tops(stage: str, gathered: Gathered) -> dict[str, Any]:
    if stage == "unaided":
        return {}
    working = {"working_cm": gathered.working_cm} if stage in _AT_WORK else {}
    return working | ({"pd": Pd(**gathered.pd)} if gathered.pd else {})


def _eye(keys: dict[str, Any]) -> SubjectiveEye:
    ways = {way: keys[way] for way in ("horizontal", "vertical") if way in keys}
    rest = {key: value for key, value in keys.items() if key not in ways}
    return SubjectiveEye(**rest, prism=Prism(**ways) if ways else None)


def _others(gathered: Gathered) -> list[Draft]:
    found: list[Draft] = []
    if eyes := cornea.eyes(gathered.corneas):
        margin = Margin()
        margin.note("passed_on", _PASSED_ON)
        found.append((Keratometry, {**eyes, "notes": tuple(margin.notes)}))
    if gathered.tests:
        found.append((BinocularVision, {"tests": tuple(gathered.tests), "notes": binocular.notes(gathered.tests)}))
    return found


def _common(raw: bytes, gathered: Gathered) -> dict[str, Any]:
    if not gathered.model:
        gathered.told.note("instrument_unnamed", "The instrument did not say which model it is.")
    maker = next((maker for name, maker in _MAKERS.items() if gathered.model.upper().startswith(name)), "Tomey")
    return {
        "instrument": Instrument(maker=maker, model=gathered.model or UNNAMED, dialect=DIALECT),
        "integrity": integrity(raw),
        "measured_at": gathered.measured_at,
    }
