"""Questions about tasks, beyond those the queue answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, func, or_, select, text
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.loops.chain import CHECK_UP, DISPENSARY
from cloud.queue import queries
from cloud.queue.models import Move, Station, Stay, Step, Task

BACK = timedelta(days=30)  # what was refused stays so long in its orderer's list
MOST = 300
KNOWN = "known"  # under what it is written down that the orderer has seen a refusal


@dataclass(frozen=True, slots=True)
class Doing:
    """A task with whose stay it belongs to, and when it was ordered."""

    task: Task
    stay: Stay | None
    since: datetime


def open_(session: Session, store_id: int, machine: str = "") -> list[Doing]:
    """What is not ended in a store, oldest first."""
    machines = [machine] if machine else [CHECK_UP, DISPENSARY]
    return doing(session, [task for one in machines for task in queries.tasks(session, store_id, one)])


def doing(session: Session, tasks: Sequence[Task]) -> list[Doing]:
    """These with what belongs to them."""
    wanted = {one.stay_id for one in tasks if one.stay_id}
    stays = {one.id: one for one in session.scalars(select(Stay).where(Stay.id.in_(wanted)))} if wanted else {}
    since = began(session, [one.id for one in tasks])
    return [Doing(one, stays.get(one.stay_id or 0), since.get(one.id, one.moved_at)) for one in tasks]


def began(session: Session, ids: Collection[int]) -> Mapping[int, datetime]:
    """When tasks were ordered."""
    if not ids:
        return {}
    query = select(Move.subject, func.min(Move.at)).where(Move.machine.in_((CHECK_UP, DISPENSARY)))
    rows = session.execute(query.where(Move.subject.in_(ids), Move.was == "").group_by(Move.subject))
    return {row[0]: row[1] for row in rows}


def results(session: Session, store_id: int, staff_id: int) -> list[Doing]:
    """What I ordered: published or seen and not yet told, and what was refused and I have not looked at."""
    fresh = (Task.machine == CHECK_UP) & Task.state.in_(("published", "seen"))
    back = (Task.state == "refused") & (Task.moved_at >= now() - BACK) & ~Task.told.has_key(KNOWN)
    query = select(Task).where(Task.store_id == store_id, Task.asked_by == staff_id, or_(fresh, back))
    return doing(session, list(session.scalars(query.order_by(Task.id).limit(MOST))))


def handed_out(session: Session, store_id: int) -> list[Doing]:
    """What left the dispensary lately, newest first: it may come back."""
    query = select(Task).where(Task.store_id == store_id, Task.machine == DISPENSARY, Task.state == "closed")
    query = query.where(Task.moved_at >= now() - BACK).order_by(Task.moved_at.desc()).limit(MOST)
    return doing(session, list(session.scalars(query)))


def in_states(session: Session, store_id: int, states: Collection[str]) -> list[Task]:
    """Tasks of a store, in these states."""
    query = select(Task).where(Task.store_id == store_id, Task.state.in_(states)).order_by(Task.id)
    return list(session.scalars(query))


def past(session: Session, store_id: int, today: date, states: Collection[str]) -> list[Task]:
    """Tests of former days that nobody has begun."""
    query = select(Task).join(Stay, (Stay.tenant_id == Task.tenant_id) & (Stay.id == Task.stay_id))
    query = query.where(Task.store_id == store_id, Task.machine == CHECK_UP, Task.state.in_(states))
    return list(session.scalars(query.where(Stay.day < today).order_by(Task.id)))


def ticket(session: Session, store_id: int, number: str) -> Stay | None:
    """Whoever is here today with this ticket."""
    today = queries.today(session, store_id)
    query = select(Stay).where(Stay.store_id == store_id, Stay.day == today, Stay.ticket == number.strip().upper())
    return session.scalars(query.where(Stay.state == "here")).first()


def station(session: Session, store_id: int, sort: str) -> Station | None:
    """The first open station of a sort."""
    return next((one for one in queries.stations(session, store_id) if one.sort == sort), None)


def steps_at(session: Session, stay_id: int, sort: str) -> list[Step]:
    """A stay's steps at stations of a sort."""
    query = select(Step).join(Station, (Station.tenant_id == Step.tenant_id) & (Station.id == Step.station_id))
    return list(session.scalars(query.where(Step.stay_id == stay_id, Station.sort == sort).order_by(Step.id)))


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chain and store with something that may go on by itself, over all chains."""
    with outside(engine) as session:
        return [(row.tenant_id, row.store_id) for row in session.execute(text("SELECT * FROM queue_loops_due()"))]
