"""Questions about readings."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cloud.fleet.models import Instrument
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.readings import clocks, doubts
from cloud.readings.choices import LONGEST_SEAT
from cloud.readings.errors import NoSuchReading
from cloud.readings.models import Capture, ClockFix, Decision, Filing, Reading, Seat
from protocols import readings

Selected = Select[Reading, Filing, Decision, str | None, ClockFix]

PAGE = 12  # cards on one page; more would be drawn at every print and looked at by nobody
TRAY_DAYS = 14
EARLIER = timedelta(days=1)  # an instrument that says it measured longer ago was read out later
NEAR = 200  # rows
UNSET = "floor"  # state of a gateway's clock that knows only the time it was built
SYNCED = "synced"
MOST = 24  # readings of one transmission; a phoropter sends a dozen


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading as a page shows it: what was said, whose it is, what was decided, what is doubtful.

    ``captured_at`` is when it was heard, as well as that is known by now; ``stamped_at`` what the gateway's clock said
    then, from which it differs where the clock of that boot was synced later (``corrected``).
    """

    id: UUID
    reading: readings.Reading
    captured_at: datetime
    stamped_at: datetime
    corrected: clocks.Corrected | None
    arrived_at: datetime
    seq: int
    dev: str
    lane: str | None
    store_id: int
    patient_id: int | None
    filing_id: int | None
    how: str | None
    state: str
    decided_by: int | None
    decided_at: datetime | None
    why: str | None
    doubts: tuple[doubts.Doubt, ...]

    def measured(self, zone: str) -> tuple[datetime, bool]:
        """When it was measured, and whether only the instrument says so, by a clock of this zone.

        An old examination may be read out today.
        """
        try:
            said = datetime.fromisoformat(self.reading.measured_at or "")
        except ValueError:
            return self.captured_at, False
        said = said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))
        return (said, True) if self.captured_at - said > EARLIER else (self.captured_at, False)


@cache
def _latest_filing() -> ColumnElement[int]:
    later = aliased(Filing)
    return select(func.max(later.id)).where(later.reading_id == Reading.reading_id).correlate(Reading).scalar_subquery()


def _latest_decision() -> ColumnElement[int]:
    later = aliased(Decision)
    return select(func.max(later.id)).where(later.filing_id == Filing.id).correlate(Filing).scalar_subquery()


@cache
def _first_fix() -> ColumnElement[int]:
    """Of the fixes of a boot the first after the hearing counts; a synced clock needs none."""
    fix = aliased(ClockFix)
    same = (fix.gateway_id == Reading.gateway_id) & (fix.boot == Reading.boot) & (fix.mono_ns >= Reading.mono_ns)
    first = select(fix.id).where(same, Reading.clock_state != SYNCED).order_by(fix.mono_ns).limit(1)
    return first.correlate(Reading).scalar_subquery()


@cache
def _shown() -> Selected:
    place = (Instrument.gateway_id == Reading.gateway_id) & (Instrument.dev == Reading.dev)
    return (
        select(Reading, Filing, Decision, Instrument.lane, ClockFix)
        .select_from(Reading)
        .outerjoin(Filing, (Filing.reading_id == Reading.reading_id) & (Filing.id == _latest_filing()))
        .outerjoin(Decision, (Decision.filing_id == Filing.id) & (Decision.id == _latest_decision()))
        .outerjoin(Instrument, place)
        .outerjoin(ClockFix, ClockFix.id == _first_fix())
    )


def of_patient(session: Session, patient_id: int, *, before: UUID | None = None, limit: int = PAGE) -> list[Shown]:
    """A patient's readings, newest first, those of absorbed records too; ``before`` pages on from a reading."""
    filed = Filing.patient_id.in_(people.ids_of(session, patient_id)) & (Filing.id == _latest_filing())
    return _page(session, _shown().where(filed), Reading.captured_at, before, limit)


# What a person calls a picture, by the modality the instrument gave it.
TOMOGRAPHY = ("OPT", "OPTENF", "OPTBSV")


def pictures(
    session: Session,
    patient_id: int,
    *,
    before: UUID | None = None,
    limit: int = PAGE,
    eye: str | None = None,
    sort: str | None = None,
) -> list[Shown]:
    """A patient's readings that name a picture or a paper, newest first; ``sort``: ``oct``, ``photo``, ``document``.

    An ``eye`` asked for is found in pictures of both eyes as well. Raises NoSuchPatient.
    """
    filed = Filing.patient_id.in_(people.ids_of(session, patient_id)) & (Filing.id == _latest_filing())
    query = _shown().where(filed, Reading.kind.in_(_SORTS.get(sort or "", ("image", "document"))))
    body = cast(Reading.body, JSONB)
    if eye is not None:
        query = query.where(body["laterality"].astext.in_((eye, "both")))
    if sort in ("oct", "photo"):
        tomography = body["modality"].astext.in_(TOMOGRAPHY)
        query = query.where(tomography if sort == "oct" else ~tomography)
    return _page(session, query, Reading.captured_at, before, limit)


_SORTS = {"oct": ("image",), "photo": ("image",), "document": ("document",)}


def captured(
    session: Session, patient_ids: Collection[int], since: datetime, until: datetime | None = None
) -> list[Shown]:
    """What was captured of these records' patients from a moment on, oldest first.

    What a clock that was never set has stamped counts as corrected, or by its arrival: it must not hide a reading.
    """
    filed = Filing.patient_id.in_(patient_ids) & (Filing.id == _latest_filing())
    since_heard = func.make_interval(0, 0, 0, 0, 0, 0, (ClockFix.mono_ns - Reading.mono_ns) / 1e9)
    stamped = case((Reading.clock_state == UNSET, Reading.arrived_at), else_=Reading.captured_at)
    moment = func.coalesce(ClockFix.at - since_heard, stamped)
    query = _shown().where(filed, moment >= since)
    if until is not None:
        query = query.where(moment <= until)
    return [_dress(one) for one in session.execute(query.order_by(moment, Reading.epoch, Reading.seq))]


def of_kinds(session: Session, patient_ids: Collection[int], kinds: Collection[str], limit: int) -> list[Shown]:
    """These kinds of readings of a patient's records, newest first; rejected ones too."""
    filed = Filing.patient_id.in_(patient_ids) & (Filing.id == _latest_filing())
    query = _shown().where(filed, Reading.kind.in_(kinds)).order_by(Reading.captured_at.desc(), Reading.reading_id)
    return [_dress(one) for one in session.execute(query.limit(limit))]


def tray(
    session: Session, store_id: int, *, before: UUID | None = None, since: timedelta | None = None, limit: int = PAGE
) -> list[Shown]:
    """Readings of a store that belong to nobody yet, newest first.

    Recent is what has arrived recently: a store's clock that was never set must not hide a reading.
    """
    recent = Reading.arrived_at > now() - (since or timedelta(days=TRAY_DAYS))
    nobody = Filing.patient_id.is_(None)
    query = _shown().where(Reading.store_id == store_id, recent, nobody)
    return _page(session, query, Reading.arrived_at, before, limit)


def tray_count(session: Session, store_id: int) -> int:
    """How many readings wait in a store's tray."""
    recent = Reading.arrived_at > now() - timedelta(days=TRAY_DAYS)
    join = (Filing.reading_id == Reading.reading_id) & (Filing.id == _latest_filing())
    query = select(func.count()).select_from(Reading).outerjoin(Filing, join)
    return session.scalar(query.where(Reading.store_id == store_id, recent, Filing.patient_id.is_(None))) or 0


def latest(session: Session, store_id: int, limit: int = PAGE) -> list[Shown]:
    """What arrived last in a store."""
    return _page(session, _shown().where(Reading.store_id == store_id), Reading.arrived_at, None, limit)


def one(session: Session, reading_id: UUID) -> Shown:
    """One reading. Raises NoSuchReading."""
    row = session.execute(_shown().where(Reading.reading_id == reading_id)).first()
    if row is None:
        raise NoSuchReading(reading_id)
    return _dress(row)


def row(session: Session, reading_id: UUID) -> Reading:
    """One reading as it is stored. Raises NoSuchReading."""
    found = session.scalars(select(Reading).where(Reading.reading_id == reading_id)).first()
    if found is None:
        raise NoSuchReading(reading_id)
    return found


Narrowing = Callable[[InstrumentedAttribute[datetime], InstrumentedAttribute[UUID]], ColumnElement[bool]]


def heard(session: Session, patient_ids: Sequence[int], narrowed: Narrowing, limit: int) -> list[Reading]:
    """Readings filed to a patient, newest first; ``narrowed`` is a condition on when each was captured and its id."""
    query = (
        select(Reading)
        .join(Filing, (Filing.reading_id == Reading.reading_id) & (Filing.id == _latest_filing()))
        .where(Filing.patient_id.in_(patient_ids), narrowed(Reading.captured_at, Reading.reading_id))
        .order_by(Reading.captured_at.desc(), Reading.reading_id.desc())
    )
    return list(session.scalars(query.limit(limit)))


def instruments(session: Session, reading_ids: set[UUID]) -> dict[str, str]:
    """Maker and model by reading id, as text."""
    query = select(Reading.reading_id, Reading.body).where(Reading.reading_id.in_(reading_ids))
    found = session.execute(query).all() if reading_ids else ()
    told = {str(row.reading_id): readings.from_json(row.body.encode()).instrument for row in found}
    return {key: one.called for key, one in told.items()}


def transmission(session: Session, reading: Reading) -> list[Shown]:
    """Everything read from the same bytes, as the instrument sent it.

    The rows of a transmission are written at once: they lie side by side, and no transmission has more than NEAR.
    """
    near = (Reading.epoch == reading.epoch) & Reading.seq.between(reading.seq - NEAR, reading.seq + NEAR)
    found = session.execute(_shown().where(near, _heard_with(reading)).order_by(Reading.seq))
    return [_dress(one) for one in found]


def capture_of(session: Session, shown: Shown) -> Capture | None:
    """The bytes a reading was read from."""
    digest = shown.reading.integrity.raw_sha256
    return session.scalars(select(Capture).where(Capture.sha256 == digest).limit(1)).first()


def unreadable(session: Session, store_id: int, limit: int = PAGE) -> Sequence[Capture]:
    """Transmissions nothing could be read from, newest first."""
    query = select(Capture).where(Capture.store_id == store_id, Capture.why.is_not(None))
    return session.scalars(query.order_by(Capture.captured_at.desc()).limit(limit)).all()


def seats(session: Session, store_id: int) -> dict[str, Seat]:
    """Who sits where right now, by lane."""
    recent = Seat.seated_at > now() - LONGEST_SEAT
    query = select(Seat).where(Seat.store_id == store_id, Seat.left_at.is_(None), recent)
    return {seat.lane: seat for seat in session.scalars(query)}


def seated_since(session: Session, store_id: int, lane: str | None, since: datetime) -> set[int]:
    """Everybody who has sat in a lane since then."""
    here = (Seat.store_id == store_id) & (Seat.lane == lane) & (Seat.seated_at >= since)
    return set(session.scalars(select(Seat.patient_id).where(here)))


def filings_of(session: Session, reading_id: UUID) -> Sequence[Filing]:
    """Every filing of a reading, oldest first."""
    return session.scalars(select(Filing).where(Filing.reading_id == reading_id).order_by(Filing.id)).all()


def _page(
    session: Session, query: Selected, moment: InstrumentedAttribute[datetime], before: UUID | None, limit: int
) -> list[Shown]:
    """The readings with the latest ``moment``, or the next ones after ``before``; shown as printed.

    What came in the same instant as the page's last reading is on it too, so that no transmission is torn apart.
    """
    if before is not None:
        query = query.where(_after(moment, row(session, before)))
    latest_first = query.order_by(moment.desc(), Reading.reading_id.desc())
    found = list(session.execute(latest_first.limit(limit)))
    if len(found) == limit:
        last = found[-1][0]
        with_it = latest_first.where(_after(moment, last), moment == getattr(last, moment.key))
        rest = session.execute(with_it.limit(MOST + 1)).all()
        found += rest if len(rest) <= MOST else []
    return sorted(map(_dress, found), key=_as_printed)


def _after(moment: InstrumentedAttribute[datetime], mark: Reading) -> ColumnElement[bool]:
    return func.row(moment, Reading.reading_id) < func.row(getattr(mark, moment.key), mark.reading_id)


def _heard_with(one: Reading) -> ColumnElement[bool]:
    """All rows of a transmission were heard in the same nanosecond."""
    there = (Reading.gateway_id == one.gateway_id) & (Reading.dev == one.dev)
    return there & (Reading.boot == one.boot) & (Reading.mono_ns == one.mono_ns)


def paired(page: Sequence[Shown]) -> list[tuple[Shown, ...]]:
    """The page with day and night of one measurement side by side, day first; everything else stands alone."""
    groups: dict[object, list[Shown]] = {}
    for one in page:
        groups.setdefault(_measurement(one), []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: _light(one) == "night")
    return [
        together
        for group in groups.values()
        for together in ([tuple(group)] if list(map(_light, group)) == ["day", "night"] else [(one,) for one in group])
    ]


def _measurement(one: Shown) -> object:
    """What day and night of one measurement have in common; the reading itself where there is no light."""
    if _light(one) is None:
        return one.id
    said = one.reading
    place = (getattr(said, "stage", None), getattr(said, "distance", None))
    return (said.integrity.raw_sha256, one.captured_at, one.dev, readings.kind(said), *place)


def _light(one: Shown) -> str | None:
    return getattr(one.reading, "condition", None) or getattr(one.reading, "light", None)


def end_of_chart(page: Sequence[Shown]) -> UUID | None:
    """Where a chart's next page begins; a page is shown as printed, so its last reading need not be its oldest."""
    return min(page, key=lambda one: (one.stamped_at, one.id)).id if page else None


def end_of_tray(page: Sequence[Shown]) -> UUID | None:
    """Where the tray's next page begins."""
    return min(page, key=lambda one: (one.arrived_at, one.id)).id if page else None


def _as_printed(one: Shown) -> tuple[float, bool, int]:
    """Newest transmission first; within one, day before night, then as the instrument sent them."""
    return -one.captured_at.timestamp(), _light(one) == "night", one.seq


def _corrected(stored: Reading, fix: ClockFix | None) -> clocks.Corrected | None:
    return clocks.corrected(fix.at, fix.mono_ns, fix.err_ms, stored.mono_ns) if fix else None


def _dress(found: Row[Reading, Filing, Decision, str | None, ClockFix]) -> Shown:
    stored, filing, decision, lane, fix = found
    said = readings.from_json(stored.body.encode())
    corrected = _corrected(stored, fix)
    heard_at, clock_state = (corrected.at, SYNCED) if corrected else (stored.captured_at, stored.clock_state)
    why = filing.why if filing else None
    return Shown(
        id=stored.reading_id,
        reading=said,
        captured_at=heard_at,
        stamped_at=stored.captured_at,
        corrected=corrected,
        arrived_at=stored.arrived_at,
        seq=stored.seq,
        dev=stored.dev,
        lane=lane,
        store_id=stored.store_id,
        patient_id=filing.patient_id if filing else None,
        filing_id=filing.id if filing else None,
        how=filing.how if filing else None,
        state=_state(filing, decision),
        decided_by=decision.by if decision else None,
        decided_at=decision.at if decision else None,
        why=decision.why if decision else why,
        doubts=tuple(doubts.of(said, heard_at, stored.arrived_at, clock_state, why)),
    )


def _state(filing: Filing | None, decision: Decision | None) -> str:
    if filing is None or filing.patient_id is None:
        return "unmatched"
    return decision.verdict if decision else "proposed"
