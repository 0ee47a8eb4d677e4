"""Questions about a store's queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.kernel.clock import local, now
from cloud.queue import rules
from cloud.queue.choices import IN_LINE, OPEN, OVER
from cloud.queue.choices import Step as State
from cloud.queue.errors import NoSuch
from cloud.queue.models import Call, Desk, Kind, Move, Saying, Station, Stay, Step, Task
from protocols.queue import turns


@dataclass(frozen=True, slots=True)
class InLine:
    """A step with the stay it belongs to; ``before`` are those who are called before, None where nobody waits."""

    step: Step
    stay: Stay
    before: int | None = None


def today(session: Session, store_id: int, at: datetime | None = None) -> date:
    """The store's day."""
    return local(at or now(), zone(session, store_id).key).date()


def zone(session: Session, store_id: int) -> ZoneInfo:
    """The store's wall clock."""
    return ZoneInfo(accounts.store(session, store_id).zone)


def stations(session: Session, store_id: int) -> list[Station]:
    """Those of a store that are open, in their order."""
    query = select(Station).where(Station.store_id == store_id, Station.closed.is_(False))
    return list(session.scalars(query.order_by(Station.place, Station.id)))


def all_stations(session: Session, store_id: int) -> list[Station]:
    """Those of a store, closed ones last."""
    query = select(Station).where(Station.store_id == store_id)
    return list(session.scalars(query.order_by(Station.closed, Station.place, Station.id)))


def station(session: Session, station_id: int, store_id: int) -> Station:
    """A station of a store. Raises NoSuch."""
    query = select(Station).where(Station.id == station_id, Station.store_id == store_id)
    return _found(session.scalars(query).first())


def locked(session: Session, station_id: int) -> Station:
    """A station while nobody else calls at it. Raises NoSuch."""
    query = select(Station).where(Station.id == station_id).with_for_update()
    return _found(session.scalars(query.execution_options(populate_existing=True)).first())


def desks(session: Session, station_ids: Sequence[int]) -> list[Desk]:
    """Doors and counters of these stations that are open."""
    query = select(Desk).where(Desk.station_id.in_(station_ids), Desk.closed.is_(False))
    return list(session.scalars(query.order_by(Desk.station_id, Desk.number, Desk.id)))


def desk(session: Session, desk_id: int, station_id: int) -> Desk:
    """A desk of a station. Raises NoSuch."""
    return _found(session.scalars(select(Desk).where(Desk.id == desk_id, Desk.station_id == station_id)).first())


def kinds(session: Session, store_id: int) -> list[Kind]:
    """Kinds of registration that a store offers."""
    query = select(Kind).where(Kind.store_id == store_id, Kind.closed.is_(False))
    return list(session.scalars(query.order_by(Kind.id)))


def kind(session: Session, store_id: int, code: str) -> Kind:
    """One of them. Raises NoSuch."""
    query = select(Kind).where(Kind.store_id == store_id, Kind.code == code, Kind.closed.is_(False))
    return _found(session.scalars(query).first())


def step(session: Session, step_id: int, store_id: int) -> InLine:
    """A step of a store's stay. Raises NoSuch."""
    query = _steps().where(Step.id == step_id, Stay.store_id == store_id)
    row = _found(session.execute(query).first())
    return InLine(row[0], row[1])


def stay(session: Session, stay_id: int, store_id: int) -> Stay:
    """A stay of a store. Raises NoSuch."""
    return _found(session.scalars(select(Stay).where(Stay.id == stay_id, Stay.store_id == store_id)).first())


def stay_of_visit(session: Session, visit_id: int) -> Stay | None:
    """The stay a booked visit has become, if it has."""
    query = select(Stay).where(Stay.visit_id == visit_id, Stay.state != "cancelled")
    return session.scalars(query).first()


def stays(session: Session, store_id: int, day: date) -> list[Stay]:
    """Everybody of a store's day, by arrival."""
    query = select(Stay).where(Stay.store_id == store_id, Stay.day == day)
    return list(session.scalars(query.order_by(Stay.arrived_at, Stay.id)))


def here(session: Session, store_id: int, day: date, patient_id: int) -> list[Stay]:
    """Stays of a patient that are not over."""
    mine = (Stay.store_id == store_id, Stay.day == day, Stay.patient_id == patient_id, Stay.state == "here")
    return list(session.scalars(select(Stay).where(*mine).order_by(Stay.id)))


def steps_of(session: Session, stay_ids: Sequence[int]) -> Mapping[int, list[Step]]:
    """Steps by stay, as they came."""
    found: dict[int, list[Step]] = {one: [] for one in stay_ids}
    for one in session.scalars(select(Step).where(Step.stay_id.in_(stay_ids)).order_by(Step.id)):
        found[one.stay_id].append(one)
    return found


def open_steps(session: Session, station_ids: Sequence[int]) -> list[InLine]:
    """Everybody who is not done at these stations, the line in the order in which it will be called."""
    of = {one.id: one for one in session.scalars(select(Station).where(Station.id.in_(station_ids)))}
    days = {store_id: today(session, store_id) for store_id in {one.store_id for one in of.values()}}
    query = _steps().where(Step.station_id.in_(of), Step.state.not_in(OVER), Step.state.in_(OPEN))
    query = query.where(Stay.day.in_(days.values())).order_by(Step.id)
    rows = [InLine(step, stay) for step, stay in session.execute(query)]
    return [one for number in station_ids if number in of for one in _ordered(session, of[number], rows)]


def open_of_day(session: Session, store_id: int, day: date) -> list[InLine]:
    """Every step of a day that is not over, planned ones too, stay by stay."""
    query = _steps().where(Stay.store_id == store_id, Stay.day == day, Step.state.in_(OPEN))
    return [InLine(step, stay) for step, stay in session.execute(query.order_by(Stay.id, Step.id))]


def _ordered(session: Session, station: Station, rows: Sequence[InLine]) -> list[InLine]:
    mine = [one for one in rows if one.step.station_id == station.id]
    line = in_turn(mine, calls_today(session, station))
    rest = [one for one in mine if one.step.state not in IN_LINE]
    return [*(InLine(one.step, one.stay, n) for n, one in enumerate(line)), *rest]


def calls_today(session: Session, station: Station) -> int:
    """How many were called at a station today."""
    return station.calls if station.called_on == today(session, station.store_id) else 0


def in_turn(rows: Sequence[InLine], calls: int) -> list[InLine]:
    """Those in line, in turn."""
    of = {one.step.id: one for one in rows if one.step.state in IN_LINE}
    line = turns.order((waits(one) for one in of.values()), now(), calls, rules.turn())
    return [of[one.id] for one in line]


def waits(one: InLine) -> turns.Waits:
    """What decides when somebody is called."""
    queued = one.step.queued_at or one.stay.arrived_at
    returned = one.step.state == State.RETURNED
    told = (one.stay.due_at, one.stay.priority, returned, one.step.not_before, one.stay.arrived_at)
    return turns.Waits(one.step.id, queued, *told)


def moves(session: Session, stay_ids: Sequence[int]) -> list[Move]:
    """Every hand-off of these stays, in order."""
    query = select(Move).where(Move.stay_id.in_(stay_ids))
    return list(session.scalars(query.order_by(Move.at, Move.id)))


def tasks(session: Session, store_id: int, machine: str, *, open_: bool = True) -> list[Task]:
    """What is to be done in a store, oldest first."""
    query = select(Task).where(Task.store_id == store_id, Task.machine == machine)
    if open_:
        query = query.where(Task.state.not_in(ENDED))
    return list(session.scalars(query.order_by(Task.id)))


ENDED = ("closed", "cancelled", "refused", "expired", "restocked", "destroyed")


def tasks_of(session: Session, stay_ids: Sequence[int]) -> list[Task]:
    """What is done for these stays."""
    return list(session.scalars(select(Task).where(Task.stay_id.in_(stay_ids)).order_by(Task.id)))


def task(session: Session, task_id: int, store_id: int) -> Task:
    """One task of a store. Raises NoSuch."""
    return _found(session.scalars(select(Task).where(Task.id == task_id, Task.store_id == store_id)).first())


def saying(session: Session, store_id: int) -> Saying | None:
    """What screens and voices of a store may say, where somebody has decided."""
    return session.scalars(select(Saying).where(Saying.store_id == store_id)).first()


def calls(session: Session, store_id: int, count: int) -> list[tuple[Call, Step, Stay]]:
    """The last calls of a store's day, each person once, newest first."""
    query = select(Call, Step, Stay).join(Step, (Step.tenant_id == Call.tenant_id) & (Step.id == Call.step_id))
    query = query.join(Stay, (Stay.tenant_id == Step.tenant_id) & (Stay.id == Step.stay_id))
    query = query.where(Call.store_id == store_id, Stay.day == today(session, store_id))
    found: dict[int, tuple[Call, Step, Stay]] = {}
    for call, step_, stay_ in session.execute(query.order_by(Call.id.desc()).limit(count * 4)):
        found.setdefault(step_.id, (call, step_, stay_))
    return list(found.values())[:count]


def last_call(session: Session, step_id: int) -> Call | None:
    """How somebody was called last."""
    return session.scalars(select(Call).where(Call.step_id == step_id).order_by(Call.id.desc()).limit(1)).first()


def call_uids(session: Session, step_ids: Sequence[int]) -> Mapping[int, str]:
    """By which name callers know the last call of each of these steps."""
    query = select(Call.step_id, Call.uid).where(Call.step_id.in_(step_ids)).order_by(Call.id)
    return {row.step_id: str(row.uid) for row in session.execute(query)}


def call_of(session: Session, store_id: int, uid: UUID, turn: int) -> Call | None:
    """A turn of a call of this store."""
    query = select(Call).where(Call.store_id == store_id, Call.uid == uid, Call.turn == turn)
    return session.scalars(query.order_by(Call.id.desc()).limit(1)).first()


def screen_holder(session: Session, digest: str) -> tuple[int, int] | None:
    """Chain and number of the screen or kiosk whose token this is."""
    row = session.execute(text("SELECT * FROM queue_screen_holder(:digest)"), {"digest": digest}).first()
    return (row[0], row[1]) if row else None


def stay_holder(session: Session, digest: str) -> tuple[int, int] | None:
    """Chain and number of the stay whose token this is."""
    row = session.execute(text("SELECT * FROM queue_stay_holder(:digest)"), {"digest": digest}).first()
    return (row[0], row[1]) if row else None


def _steps() -> Select[Step, Stay]:
    return select(Step, Stay).join(Stay, (Stay.tenant_id == Step.tenant_id) & (Stay.id == Step.stay_id))


T = TypeVar("T")


def _found(one: T | None) -> T:
    if one is None:
        raise NoSuch
    return one
