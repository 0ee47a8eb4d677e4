"""From the lines of one transmission to its readings."""

from typing import Any

import msgspec

from protocols.framing import Unread
from protocols.framing.margin import integrity
from protocols.nidek_frame.margin import Margin
from protocols.nidek_rt.binocular import Tests
from protocols.nidek_rt.heading import belongs, heading
from protocols.nidek_rt.lines import Item, Lines, lines
from protocols.nidek_rt.passed_on import PassedOn
from protocols.nidek_rt.stages import Stages
from protocols.readings import (
    BinocularVision,
    Keratometry,
    Reading,
    SubjectiveRefraction,
    Tonometry,
)

# Said of the whole refraction, without a key of their own: its time, the patient's age.
_KEPT = frozenset({"TT", "AG"})


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of SOH … EOT CR. Raises Unread."""
    said = lines(raw)
    rest = Margin()
    top = _top(said, raw, rest)
    readings = _readings(said, top, rest)
    if not readings:
        raise Unread("The print-out is whole, but no eye and no test in it could be read.", _where(said, raw))
    return _with_rest(readings, rest)


def _top(said: Lines, raw: bytes, rest: Margin) -> dict[str, Any]:
    found = heading(said, rest)
    for text in said.lost:
        rest.keep("?", text)
        rest.note("unreadable_field", "A line came without its beginning; it is kept as it came.")
    if not said.whole:
        rest.note("end_missing", "The print-out has no end mark: something may be missing behind it.")
    return {
        "instrument": found.instrument,
        "integrity": integrity(raw),
        "measured_at": found.measured_at,
        "patient_ref": found.patient_ref,
    }


def _readings(said: Lines, top: dict[str, Any], rest: Margin) -> list[Reading]:
    stages, tests, passed = Stages(), Tests(), PassedOn()
    for item in said.items:
        if not (belongs(item) or tests.take(item) or stages.take(item) or passed.take(item)):
            _aside(item, rest)
    return [*_refractions(stages, top, rest), *_others(tests, passed, top, rest)]


def _aside(item: Item, rest: Margin) -> None:
    if item.tag in _KEPT:
        rest.keep(item.tag, item.text)
    else:
        rest.unknown(item.segment.tag, item.segment.text)


def _refractions(stages: Stages, top: dict[str, Any], rest: Margin) -> list[Reading]:
    readings: list[Reading] = []
    for (stage, distance, light), draft in stages.drafts(rest).items():
        if draft.filled:
            keys = draft.settled() | _margin(draft.margin)
            readings.append(SubjectiveRefraction(stage=stage, distance=distance, light=light, **top, **keys))
        else:
            _pour(draft.margin, rest)
    return readings


def _others(tests: Tests, passed: PassedOn, top: dict[str, Any], rest: Margin) -> list[Reading]:
    readings: list[Reading] = []
    if tests.found:
        readings.append(BinocularVision(tests=tuple(tests.found), **top))
    if cornea := passed.keratometry():
        readings.append(Keratometry(**cornea, **top))
    if pressure := passed.tonometry():
        readings.append(Tonometry(**pressure, **top))
    _pour(tests.margin, rest)
    _pour(passed.margin, rest)
    return readings


def _margin(margin: Margin) -> dict[str, Any]:
    return {"notes": tuple(margin.notes), "extra": margin.extra}


def _pour(margin: Margin, into: Margin) -> None:
    for note in margin.notes:
        into.note(note.code, note.text)
    for tag, kept in margin.extra.items():
        for text in kept if isinstance(kept, list) else [kept]:
            into.keep(tag, text)


def _with_rest(readings: list[Reading], rest: Margin) -> tuple[Reading, ...]:
    """What belongs to no reading alone stands with the last refraction, which is what the visit was for."""
    refractions = [at for at, one in enumerate(readings) if isinstance(one, SubjectiveRefraction)]
    at = refractions[-1] if refractions else 0
    own = Margin()
    own.notes, own.extra = list(readings[at].notes), dict(readings[at].extra)
    _pour(rest, own)
    readings[at] = msgspec.structs.replace(readings[at], **_margin(own))
    return tuple(readings)


def _where(said: Lines, raw: bytes) -> int:
    return min((item.segment.offset for item in said.items), default=len(raw))
