"""``emmetra decode``: one JSON object a line for every reading in a capture or an export.

Exit code 0: read; 1: a file gave nothing; 2: read, but a checksum is wrong, so a person decides.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from deploy.instruments import expectation
from deploy.instruments.dialects import Candidate, Unreadable, candidates, contents, events, known, recording
from deploy.instruments.mapping import drawn_in
from edge.discovery import dialect
from edge.stamp import stamp
from protocols import mapped_table
from protocols.capture import Recording
from protocols.envelope.table_map import TableMap
from protocols.framing import Event, Garbled, Recognition, Transmission
from protocols.readings import Reading, to_json

READ, NOTHING, DOUBTFUL = 0, 1, 2


class Outcome(NamedTuple):
    """What one file gave: readings for standard output, a line for standard error, an exit code."""

    readings: list[Reading]
    complaint: str
    code: int


def main(argv: Sequence[str]) -> int:
    """Decode every file named; the worst file decides the exit code, and nothing read is worse than doubtful."""
    options = _options(argv)
    if options.map:
        return max(map(_by_map(options), options.files))
    if options.dialect and options.dialect not in known():
        return _refused(f"there is no dialect {options.dialect!r}; known are {', '.join(known())}")
    codes = {_told(name, options) for name in options.files}
    return NOTHING if NOTHING in codes else max(codes)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="emmetra decode", description="Print the readings in captured files.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a capture or an export; - is standard input")
    parser.add_argument("--as", dest="dialect", metavar="DIALECT", help="do not guess: read it as this dialect")
    parser.add_argument("--map", metavar="FILE.toml", help="a table of text, by this map (`emmetra map` begins one)")
    parser.add_argument("--expect", action="store_true", help="write FILE.expected.json, which makes the file a test")
    parser.add_argument("--pretty", action="store_true", help="indent, for people")
    return parser.parse_args(argv)


def _told(name: str, options: argparse.Namespace) -> int:
    try:
        recorded = recording(name)
        outcome = decoded(name, recorded, options.dialect)
        if options.expect and outcome.code != NOTHING:
            print(f"wrote {expectation.write(name, recorded)}: read it, it is your word", file=sys.stderr)
    except Unreadable as refusal:
        return _refused(str(refusal))
    for reading in outcome.readings:
        print(_line(stamp(reading), options.pretty))
    if outcome.complaint:
        _refused(outcome.complaint)
    return outcome.code


def _by_map(options: argparse.Namespace) -> Callable[[str], int]:
    """How a table is read by the map that is named."""
    try:
        drawn = drawn_in(options.map)
    except Unreadable as refusal:
        complaint = str(refusal)
        return lambda _name: _refused(complaint)
    return lambda name: _mapped(name, drawn, options.pretty)


def _mapped(name: str, drawn: TableMap, pretty: bool) -> int:
    try:
        [event] = mapped_table.decode(contents(name), drawn, Path(name).name) or [Garbled(b"", "The file is empty.")]
    except Unreadable as refusal:
        return _refused(str(refusal))
    if not isinstance(event, Transmission):
        return _refused(f"{name}: {event.why}" if isinstance(event, Garbled) else name)
    for reading in event.readings:
        print(_line(stamp(reading), pretty))
    return READ


def decoded(name: str, recorded: Recording, wanted: str | None = None) -> Outcome:
    """Everything one file gives, by the dialect named or else by the one that is surest."""
    data = recorded.heard
    chosen = _named(wanted) if wanted else candidates(data)[0]
    if not chosen.recognition.score:
        return Outcome([], f"{name}: no instrument we know speaks like this (byte 0). {_expected(data)}", NOTHING)
    said = events(recorded, chosen.dialect)
    readings = [reading for event in said if isinstance(event, Transmission) for reading in event.readings]
    return Outcome(readings, _complaint(name, data, said, chosen), _code(readings))


def _named(wanted: str) -> Candidate:
    manifest = known()[wanted]
    return Candidate(manifest, dialect(manifest), Recognition(100, "as told"))


def _code(readings: list[Reading]) -> int:
    if not readings:
        return NOTHING
    return DOUBTFUL if any(reading.integrity.checksum == "bad" for reading in readings) else READ


def _complaint(name: str, data: bytes, events: Sequence[Event], chosen: Candidate) -> str:
    """One line: what was expected, and at which byte reading broke off."""
    garbled = [event for event in events if isinstance(event, Garbled)]
    if garbled:
        at = max(data.find(garbled[0].raw), 0) + garbled[0].offset
        more = f" ({len(garbled) - 1} more)" if garbled[1:] else ""
        return f"{name}: broke off at byte {at}: {garbled[0].why}{more}"
    if any(isinstance(event, Transmission) and event.readings for event in events):
        return ""
    return f"{name}: no measurement up to byte {len(data)}. Expected: {chosen.manifest.recognised}"


def _expected(data: bytes) -> str:
    if not data.strip():
        return "The file is empty."
    return (
        f"Expected what one of {len(known())} dialects says: {', '.join(known())}. `--as DIALECT` says why one of them "
        "refuses it; docs/wire has a page for each."
    )


def _line(reading: Reading, pretty: bool) -> str:
    text = to_json(reading).decode()
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) if pretty else text


def _refused(complaint: str) -> int:
    print(f"emmetra decode: {' '.join(complaint.split())}", file=sys.stderr)
    return NOTHING
