"""A run of records.

    S No=03139 … E                          heading
    S-R-R -00.75 -00.50 +025 66 E           refraction, right: sphere, cylinder, axis, perhaps the pupillary distance
    S-K-L +07.82 +07.70 +108 E              cornea, left: two radii in mm, one axis

Blanks and control bytes between them are not proved, so any are taken. Source: stormlei/cdc @8a121c6 (refraction),
a second independent parser (cornea and heading); grade B.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from protocols.framing import Unread
from protocols.labelled import Heading, axis, figure, power, pupils, refracted, unnamed
from protocols.readings import (
    Autorefraction,
    Keratometry,
    KeratometryEye,
    KeratometryReading,
    Meridian,
    Reading,
    RefractionReading,
)

HEADING = rb"S[\x00-\x20]*[A-Za-z](?:(?!S-[A-Z]-)[^\x00]){0,80}?E[\x00-\x20]*(?=S-[A-Z]-[RL])"

_HEAD = re.compile(HEADING)
_RECORD = re.compile(r"S-([A-Z])-([RL])((?:(?!S-)[^E])*)E")
_GAP = r"[\x00-\x20]"
_POWER = rf"(?={_GAP}|[+-]){_GAP}*([+-]?\d\d\.\d\d)"
_DEGREES = rf"(?={_GAP}|\+){_GAP}*(\+?\d{{1,3}})"
_REFRACTION = re.compile(rf"{_POWER}{_POWER}{_DEGREES}(?:{_GAP}+(\d\d(?:\.\d)?))?{_GAP}*")
_CORNEA = re.compile(rf"{_POWER}{_POWER}{_DEGREES}{_GAP}*")
_NUMBER = re.compile(r"\bNo=[ ]*(\d+)")
_SIDES = {"R": "right", "L": "left"}
_MAKERS = "Huvitz, Charops, Tianle and Xiongbo"


class Record(NamedTuple):
    """One record of one eye: ``kind`` R for refraction, K for cornea."""

    kind: str
    side: str
    said: str


def print_out(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading of refraction and one of the corneas. Raises Unread."""
    end = _HEAD.match(raw).end()  # type: ignore[union-attr]
    heading = _heading(raw, end, dialect)
    records = list(_records(raw[end:].decode("latin-1"), end))
    eyes = {side: [one for one in records if one.side == side] for side in _SIDES.values()}
    keys = [found for found in (_refraction(eyes, heading), _cornea(eyes, heading)) if found]
    for record in records:
        if record.kind not in "RK":
            heading.unreadable(f"S-{record.kind} {record.side}", record.said.strip())
    if not keys:
        raise Unread("No eye in the print-out could be read.", end)
    return tuple(kind(**heading.keys(), **found) for kind, found in keys)


def _heading(raw: bytes, end: int, dialect: str) -> Heading:
    heading = Heading(raw, dialect)
    heading.notes.append(unnamed(_MAKERS))
    said = raw[1:end].decode("latin-1").strip()[:-1].strip()
    number = _NUMBER.search(said)
    heading.print_number = number[1] if number else None
    if rest := _NUMBER.sub("", said, count=1).strip():
        heading.keep("heading", rest)
    return heading


def _records(text: str, offset: int) -> Iterator[Record]:
    """Every record of an eye. Raises Unread where something else stands, such as one without its end."""
    at = 0
    for found in _RECORD.finditer(text):
        _nothing(text[at : found.start()], offset + at)
        at = found.end()
        yield Record(found[1], _SIDES[found[2]], found[3])
    _nothing(text[at:], offset + at)


def _nothing(text: str, offset: int) -> None:
    if text.strip("".join(map(chr, range(33)))):
        raise Unread("Between the records stands something that is none, or a record lacks its E.", offset)


def _refraction(eyes: dict[str, list[Record]], heading: Heading) -> tuple[type[Reading], dict[str, Any]] | None:
    found: dict[str, Any] = {}
    said: dict[str, str] = {}
    for side, records in eyes.items():
        lines = [(one, _REFRACTION.fullmatch(one.said)) for one in records if one.kind == "R"]
        found[side] = refracted(side, list(_powers(lines, heading)), heading)
        said |= {f"{side} {at}": line[4] for at, (_, line) in enumerate(lines) if line and line[4]}
    if not any(found.values()):
        return None
    return Autorefraction, {"pd": pupils(said, heading), **found}


def _powers(lines: list[tuple[Record, re.Match[str] | None]], heading: Heading) -> Iterator[RefractionReading]:
    for record, line in lines:
        try:
            if line is None:
                raise Unread("Not sphere, cylinder and axis.")
            yield RefractionReading(**power(line[1], line[2], line[3]))
        except Unread:
            heading.unreadable(f"S-R {record.side}", record.said.strip())


def _cornea(eyes: dict[str, list[Record]], heading: Heading) -> tuple[type[Reading], dict[str, Any]] | None:
    found = {side: _curved(side, [one for one in said if one.kind == "K"], heading) for side, said in eyes.items()}
    return (Keratometry, found) if any(found.values()) else None


def _curved(side: str, records: list[Record], heading: Heading) -> KeratometryEye | None:
    readings = [found for record in records if (found := _meridians(record, heading))]
    if len(readings) == 1:
        return KeratometryEye(r1=readings[0].r1, r2=readings[0].r2)
    if not readings:
        return None
    heading.note("representative_missing", f"Nothing marks a chosen value for the {side} eye; all readings are given.")
    return KeratometryEye(readings=tuple(readings))


def _meridians(record: Record, heading: Heading) -> KeratometryReading | None:
    line = _CORNEA.fullmatch(record.said)
    try:
        if line is None:
            raise Unread("Not two radii and an axis.")
        first, second = figure(line[1], 4, 14), figure(line[2], 4, 14)
        at = axis(line[3])
    except Unread:
        heading.unreadable(f"S-K {record.side}", record.said.strip())
        return None
    if first < second:
        heading.note("meridian_order", "The first radius is the steeper one; the order is kept as it came.")
    return KeratometryReading(r1=Meridian(radius_mm=first, axis=at), r2=Meridian(radius_mm=second))
