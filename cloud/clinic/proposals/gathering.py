"""From readings that have been fetched to proposals: pure, so that every case can be tried without a database."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from cloud.clinic import tables
from cloud.clinic.checks.finding import titled
from cloud.clinic.choices import Level
from cloud.clinic.history import History
from cloud.clinic.powers import Pair
from cloud.clinic.proposals import beside, placing, whose
from cloud.clinic.proposals.refractions import PASSED_ON
from cloud.clinic.proposals.said import instrument
from cloud.clinic.proposals.shape import Doubt, Proposal, doubt, heaviest_first
from cloud.clinic.proposals.whose import Neighbours, Person
from cloud.clinic.sheet import Sheet
from cloud.readings.choices import Verdict
from cloud.readings.queries import Shown
from cloud.web import times
from protocols import readings
from protocols.readings import Autorefraction, Lensmetry, Reading, SubjectiveRefraction

# Doubts of the readings room that want a word; the others are remarks.
_GRAVE = frozenset(
    {
        *("checksum_bad", "unknown_record_number", "chair_contradicts_record_number"),
        *("implausible", "doubted_by_device"),
    }
)


class Chair(NamedTuple):
    """The visit a reading came into: what stands signed of the patient, who they are, and who else was there."""

    history: History
    person: Person
    began_at: datetime
    neighbours: Callable[[Shown], Neighbours]


def gathered(shown: Sequence[Shown], sheet: Sheet, chair: Chair) -> list[Proposal]:
    """Readings of the visit, oldest first, as they would stand in this draft; not what is rejected or taken."""
    taken, at = {item.source for item in sheet.values()}, placing.Taken(sheet)
    standing = [one for one in shown if one.state != Verdict.REJECTED.value]
    known = beside.Known(chair.history, standing)
    open_ = [one for one in standing if str(one.id) not in taken and not told_already(one.reading, standing)]
    return [_proposal(one, at, known, chair) for one in open_]


def told_already(reading: Reading, standing: Sequence[Shown]) -> bool:
    """Whether a phoropter only passes on what the instrument itself has sent."""
    if not passed_on(reading):
        return False
    own = {"lensmeter": Lensmetry, "autorefraction": Autorefraction}[getattr(reading, "stage", "")]
    return any(isinstance(one.reading, own) and _powers(one.reading) == _powers(reading) for one in standing)


def passed_on(reading: Reading) -> bool:
    """Whether a phoropter sent what it was sent."""
    return isinstance(reading, SubjectiveRefraction) and reading.stage in PASSED_ON


def _powers(reading: Reading) -> Pair:
    return Pair(*(beside.power(getattr(reading, name, None)) for name in ("right", "left")))


def _proposal(shown: Shown, at: placing.Taken, known: beside.Known, chair: Chair) -> Proposal:
    said = placing.said(shown.reading)
    values, room = at.place(said, shown.id, shown.captured_at)
    doubts = [*room, *placing.of_values(shown.reading, values), *_doubts(shown, known, chair)]
    if not said:
        doubts.append(doubt("kept"))
    if placing.needs_side(said):
        doubts.append(doubt("no_side"))
    first = values[0].place if values else None
    return Proposal(
        reading_id=shown.id,
        patient_id=shown.patient_id or 0,
        kind=readings.kind(shown.reading),
        instrument=instrument(shown.reading),
        captured_at=shown.captured_at,
        element=first.element if first else None,
        n=first.n if first else 0,
        values=tuple(values),
        doubts=heaviest_first(doubts),
        title=titled(first.element) if first else tables.rows("warnings")["kept"].said("said"),
        needs_side=placing.needs_side(said),
        before=shown.captured_at < chair.began_at,
        passed_on=passed_on(shown.reading),
        accepted=shown.state == Verdict.ACCEPTED.value,
    )


def _doubts(shown: Shown, known: beside.Known, chair: Chair) -> Iterator[Doubt]:
    """Whose it is, of which eye, whether it came before, whether it can be; then what the readings room doubts."""
    yield from whose.told(shown.reading.patient_ref, chair.person)
    found = beside.pair(shown.reading)
    yield from whose.looks_like(found, chair.history, chair.neighbours(shown))
    swapped = list(beside.exchanged(shown, known))
    yield from swapped or beside.printed_with_exchanged(shown, known)
    yield from beside.identical(shown.reading)
    yield from beside.repeated(shown, known.today)
    yield from beside.passed_along(shown, known.today)
    yield from () if swapped else beside.outlying(shown, known)
    if passed_on(shown.reading):
        yield doubt("passed_on", instrument=instrument(shown.reading))
    if shown.captured_at < chair.began_at:
        yield doubt("before", time=times.clock(shown.captured_at))
    yield from (Doubt(one.code, one.text, _weight(one.code)) for one in shown.doubts)


def _weight(code: str) -> Level:
    return Level.REASON if code in _GRAVE else Level.REMARK
