"""A print-out: IOPcc, CH, IOPg and WS of each eye.

    CR CR date and time CR CR heading CR right eye CR left eye CR CR EOT

The heading's own order of columns is followed. IOPg is the Goldmann-correlated pressure and what is told as the
pressure; IOPcc, CH, CRF and WS say how the cornea answered. Source: Reichert G3 manual 16170-101-GER, appendix A.
"""

import re
from typing import Any, NamedTuple

from protocols.framing import Unread
from protocols.labelled import Heading, figure, moment, unnamed
from protocols.readings import UNNAMED, Biomechanics, BiomechanicsEye, Reading, Tonometry, TonometryEye


class Column(NamedTuple):
    """A key of the vocabulary and the largest value it can have."""

    key: str
    most: int


_COLUMNS = {
    "IOPCC": Column("iopcc_mmhg", 99),
    "CH": Column("ch_mmhg", 30),
    "CRF": Column("crf_mmhg", 30),
    "IOPG": Column("iop_mmhg", 99),
    "WS": Column("waveform_score", 10),
}
_UNIT = re.compile(r"[(\[]?mmHg[)\]]?", re.IGNORECASE)
_EYE = re.compile(r"[ \t]*([A-Za-z]+)[.:]?((?:[ \t]+\d{1,3}(?:\.\d{1,2})?)+)[ \t]*")
_SIDES = {"R": "right", "L": "left", "OD": "right", "OS": "left"}
_WORDS = {"RIGHT": "R", "LEFT": "L", "RE": "R", "LE": "L", "RECHTS": "R", "LINKS": "L"}

Eyes = dict[str, dict[str, Any]]


def pressures(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading of pressure, and one of the cornea's answer. Raises Unread."""
    lines = [line for line in re.split(r"\r\n?", raw.decode("latin-1").strip("\x04\r\n")) if line.strip()]
    heading = Heading(raw, dialect, maker="Reichert", model=UNNAMED)
    heading.notes.append(unnamed("Reichert's G3, 7CR and ORA"))
    _dated(lines[0], heading)
    eyes = _eyes(lines[2:], _columns(lines[1]), heading)
    if not eyes:
        raise Unread("No line of an eye can be read.")
    return tuple(kind(**heading.keys(), **found) for kind, found in _kinds(eyes) if found)


def _dated(line: str, heading: Heading) -> None:
    heading.measured_at = moment(line)
    if heading.measured_at is None:
        heading.keep("date", line.strip())
        heading.note("date_unread", "Day and month of the instrument's date cannot be told apart; kept as it came.")


def _columns(line: str) -> list[Column]:
    names = [word.upper() for word in line.split() if not _UNIT.fullmatch(word)]
    if set(names) - set(_COLUMNS) or len(set(names)) != len(names) or "IOPG" not in names:
        raise Unread("The heading does not name columns we know, or not IOPg.")
    return [_COLUMNS[name] for name in names]


def _eyes(lines: list[str], columns: list[Column], heading: Heading) -> Eyes:
    eyes: Eyes = {}
    for line in lines:
        found = _EYE.fullmatch(line)
        side = _side(found[1]) if found else None
        if found is None or side is None:
            heading.unreadable("line", line.strip())
        elif side in eyes:
            raise Unread("An eye stands in the print-out twice.")
        else:
            eyes[side] = _figures(found[2].split(), columns)
    return eyes


def _side(tag: str) -> str | None:
    return _SIDES.get(_WORDS.get(tag.upper(), tag.upper()))


def _figures(texts: list[str], columns: list[Column]) -> dict[str, Any]:
    if len(texts) != len(columns):
        raise Unread("A line has another number of figures than the heading has columns.")
    return {column.key: figure(text, 0, column.most) for column, text in zip(columns, texts, strict=True)}


def _kinds(eyes: Eyes) -> list[tuple[type[Reading], dict[str, Any]]]:
    answers = {side: {key: one for key, one in said.items() if key != "iop_mmhg"} for side, said in eyes.items()}
    return [
        (Tonometry, {side: TonometryEye(iop_mmhg=said["iop_mmhg"]) for side, said in eyes.items()}),
        (Biomechanics, {side: BiomechanicsEye(**said) for side, said in answers.items() if said}),
    ]
