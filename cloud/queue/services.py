"""Everything that happens to somebody in a store, from the door to the door; the caller owns the transaction."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.queue import gates, holding, numbers, queries, rules, visits
from cloud.queue.choices import OPEN, Clearance, Machine, Sort, Source, Through
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Step as State
from cloud.queue.errors import HereAlready, NotDrawn, QuotaFull, TestsOpen, WantsReason
from cloud.queue.models import Clearing, Desk, Kind, Saying, Station, Stay, Step
from cloud.queue.moving import move, tell
from protocols.queue import machines
from protocols.queue.course import Leg, following, is_busy

WANT_REASON = (State.SKIPPED, State.CANCELLED)
UNDONE = ("ordered", "awaiting_payment", "authorised", "queued", "identified", "in_progress", "repeat_requested")


def furnish(session: Session, store_id: int, currency: str = "EUR") -> list[Station]:
    """The stations and kinds of registration a store begins with, each station with one desk; once."""
    if found := queries.stations(session, store_id):
        return found
    told = rules.template()
    made = {
        one["sort"]: Station(store_id=store_id, place=n, **{"paid_first": False, **one})
        for n, one in enumerate(told["station"])
    }
    session.add_all(made.values())
    session.flush()
    session.add_all(Desk(station_id=one.id, names=one.names, number=None) for one in made.values())
    for one in told["kind"]:
        first = made[one.get("first", "reception")].id
        plain = {key: value for key, value in one.items() if key != "first"}
        session.add(Kind(store_id=store_id, first_id=first, currency=currency, **plain))
    session.add(Saying(store_id=store_id, who="number", languages=["en", "zh"]))
    session.flush()
    tell(session, store_id)
    return list(made.values())


def arrive(
    session: Session,
    kind: Kind,
    *,
    patient_id: int | None = None,
    visit_id: int | None = None,
    due_at: datetime | None = None,
    source: Source = Source.DESK,
    by: int | None = None,
    through: Through = Through.PAGE,
    at: datetime | None = None,
    ticket: str | None = None,
    priority: int | None = None,
    day: date | None = None,
) -> tuple[Stay, Step, str]:
    """Somebody is here: a ticket, a place in the line of the first station, and the token of their own page.

    ``ticket`` is one that a gateway gave of its own, under its ``day``. Raises HereAlready, QuotaFull, NoNumbers.
    """
    at = at or now()
    day = day or queries.today(session, kind.store_id, at)
    _refuse_twice(session, kind, day, patient_id, visit_id, leased=ticket is not None)
    token = secrets.token_urlsafe(16)
    stay = Stay(
        **{"store_id": kind.store_id, "day": day, "kind_id": kind.id, "patient_id": patient_id, "visit_id": visit_id},
        **{"due_at": due_at, "arrived_at": at, "source": source, "currency": kind.currency},
        ticket=ticket or numbers.draw(session, kind.store_id, day, kind.letter),
        priority=kind.priority if priority is None else priority,
        fee=fee(session, kind, patient_id, day),
        digest=digest(token),
        **{"state": Here.HERE, "by": by, "through": through, "moved_at": at},
    )
    session.add(stay)
    session.flush()
    step = line_up(session, stay, kind.first_id, by=by, through=through, at=at)
    visits.arrived(session, stay)
    if by is not None:
        audit.note(session, by=by, verb="arrived", kind="stay", subject=stay.id, patient=patient_id)
    return stay, step, token


def _refuse_twice(
    session: Session, kind: Kind, day: date, patient_id: int | None, visit_id: int | None, *, leased: bool
) -> None:
    """Whoever has a number of a gateway's lease is in the store already, whatever a quota says."""
    numbers.alone(session, kind.store_id, day, kind.letter)
    if visit_id is not None and (known := queries.stay_of_visit(session, visit_id)):
        raise HereAlready(known.id, known.ticket)
    of_day = (Stay.store_id == kind.store_id, Stay.day == day, Stay.kind_id == kind.id)
    if patient_id is not None:
        same = select(Stay).where(*of_day, Stay.patient_id == patient_id, Stay.state == Here.HERE)
        if known := session.scalars(same).first():
            raise HereAlready(known.id, known.ticket)
    if kind.quota is not None and not leased:
        given = select(func.count()).select_from(Stay).where(*of_day, Stay.state != Here.CANCELLED)
        if (session.scalar(given) or 0) >= kind.quota:
            raise QuotaFull(kind.quota)


def fee(session: Session, kind: Kind, patient_id: int | None, day: date) -> int:
    """What a registration costs this patient: nothing so many days after the last one of this kind that was paid."""
    if not kind.fee or not kind.free_days or patient_id is None:
        return kind.fee
    since = day - timedelta(days=kind.free_days)
    query = select(Stay.id).join(Clearing, (Clearing.tenant_id == Stay.tenant_id) & (Clearing.stay_id == Stay.id))
    query = query.where(Stay.patient_id == patient_id, Stay.kind_id == kind.id, Stay.day >= since)
    paid = session.scalars(query.where(Clearing.what == Clearance.PAID, Stay.state != Here.CANCELLED)).first()
    return 0 if paid is not None else kind.fee


def line_up(
    session: Session,
    stay: Stay,
    station_id: int,
    *,
    by: int | None,
    staff_id: int | None = None,
    through: Through = Through.PAGE,
    at: datetime | None = None,
    planned: bool = False,
) -> Step:
    """A step at a station: in its line, or ``planned`` for after what is before it."""
    station, at = queries.station(session, station_id, stay.store_id), at or now()
    step = Step(
        **{"stay_id": stay.id, "station_id": station.id, "staff_id": staff_id, "queued_at": None if planned else at},
        **{"machine": machines.of_station(station.sort), "state": State.PLANNED if planned else State.WAITING},
        **{"by": by, "through": through, "moved_at": at},
    )
    session.add(step)
    session.flush()
    tell(session, stay.store_id, stay.id)
    return step


def turn(
    session: Session,
    one: queries.InLine,
    becomes: State,
    *,
    by: int | None,
    through: Through = Through.PAGE,
    why: str = "",
    at: datetime | None = None,
    desk_id: int | None = None,
) -> None:
    """Any step that is drawn and needs nothing else. Raises Refused."""
    if through != Through.SYSTEM:
        holding.mine(session, one.stay.store_id)
    step, stay = one.step, one.stay
    if becomes in WANT_REASON and not why.strip():
        raise WantsReason
    also: dict[str, object] = {"desk_id": desk_id} if desk_id is not None else {}
    if becomes in (State.SERVING, State.IN_ROOM):
        gates.hold(session, stay, queries.station(session, step.station_id, stay.store_id))
        visits.begun(session, stay, by)
        also["served_by"] = by
    if becomes in (State.WAITING, State.RETURNED):
        also |= {"queued_at": at or now(), "turn": 0, "not_before": 0}
    if becomes == State.ORDERS_PLACED and not _tests(session, stay):
        raise NotDrawn(step.machine, step.state, str(becomes))
    if becomes == State.DONE and _undone(session, step, stay):
        raise TestsOpen
    move(session, step, becomes, by=by, through=through, why=why.strip()[:200], at=at, **also)
    if becomes in (State.DONE, State.DISCHARGED, State.SKIPPED, State.CANCELLED, State.LEFT):
        go_on(session, stay, by=by, through=through, at=at)
    tell(session, stay.store_id, stay.id)


def _tests(session: Session, stay: Stay) -> bool:
    """Whether somebody is sent anywhere else: a line to stand in, or a task."""
    steps = queries.steps_of(session, [stay.id])[stay.id]
    return bool(queries.tasks_of(session, [stay.id])) or sum(one.state in OPEN for one in steps) > 1


def _undone(session: Session, step: Step, stay: Stay) -> bool:
    """Whether somebody would leave the check-up station without a test that was ordered."""
    if queries.station(session, step.station_id, stay.store_id).sort != Sort.CHECK_UP:
        return False
    tasks = queries.tasks_of(session, [stay.id])
    return any(one.machine == Machine.CHECK_UP and one.state in UNDONE for one in tasks)


def transfer(
    session: Session,
    one: queries.InLine,
    station_id: int,
    *,
    by: int | None,
    staff_id: int | None = None,
    why: str = "",
    through: Through = Through.PAGE,
) -> Step:
    """Somebody goes on at another station, or to another doctor, and keeps the place their waiting has earned.

    Raises NoSuch, NotDrawn, Moved, HeldAway.
    """
    holding.mine(session, one.stay.store_id)
    queries.station(session, station_id, one.stay.store_id)  # before anything is changed
    since = one.step.queued_at if one.step.state == State.WAITING else None
    move(session, one.step, State.MOVED, by=by, through=through, why=why)
    step = _awaited(session, one.stay, station_id, by, through)
    step = step or line_up(session, one.stay, station_id, by=by, staff_id=staff_id, through=through)
    step.staff_id = staff_id or step.staff_id
    step.queued_at = since or step.queued_at
    session.flush()
    return step


def _awaited(session: Session, stay: Stay, station_id: int, by: int | None, through: Through) -> Step | None:
    """The step that was planned there: it begins now, and does not come once more afterwards."""
    steps = queries.steps_of(session, [stay.id])[stay.id]
    found = next((one for one in steps if (one.station_id, one.state) == (station_id, State.PLANNED)), None)
    if found is not None:
        move(session, found, State.WAITING, by=by, through=through, queued_at=now())
        tell(session, stay.store_id, stay.id)
    return found


def go_on(
    session: Session, stay: Stay, *, by: int | None, through: Through = Through.PAGE, at: datetime | None = None
) -> None:
    """After a step: what was planned since a doctor sent them away, that doctor, the next planned one, or the end."""
    steps = {one.id: one for one in queries.steps_of(session, [stay.id])[stay.id] if one.state in OPEN}
    sorts = {one.id: one.sort for one in queries.all_stations(session, stay.store_id)}
    legs = [Leg(one.id, sorts[one.station_id], one.state, one.moved_at) for one in steps.values()]
    stamp = {"by": by, "through": through, "at": at}
    if found := following(legs):
        number, becomes = found
        anew = {"turn": 0} if becomes == State.RETURNED else {}
        move(session, steps[number], becomes, **stamp, **anew, queued_at=at or now())  # type: ignore[arg-type]
    elif not is_busy(legs) and stay.state == Here.HERE:
        move(session, stay, Here.DONE, **stamp)  # type: ignore[arg-type]
        visits.over(session, stay, by)


def leave(session: Session, stay: Stay, *, by: int | None, why: str = "", through: Through = Through.PAGE) -> None:
    """Somebody goes without being done. Raises NotDrawn, HeldAway."""
    if through != Through.SYSTEM:
        holding.mine(session, stay.store_id)
    move(session, stay, Here.LEFT, by=by, through=through, why=why)
    _end(session, stay, State.LEFT, by, through, why)


def cancel(session: Session, stay: Stay, *, by: int, why: str) -> int:
    """A registration is taken back; what was paid of it is owed back. What that is.

    Raises WantsReason, NotDrawn, HeldAway.
    """
    holding.mine(session, stay.store_id)
    if not why.strip():
        raise WantsReason
    move(session, stay, Here.CANCELLED, by=by, why=why)
    _end(session, stay, State.CANCELLED, by, Through.PAGE, why)
    visits.taken_back(session, stay, by)
    audit.note(session, by=by, verb="cancelled", kind="stay", subject=stay.id, patient=stay.patient_id)
    return gates.refund(session, stay, by=by, why=why)


def _end(session: Session, stay: Stay, becomes: State, by: int | None, through: Through, why: str) -> None:
    for step in queries.steps_of(session, [stay.id])[stay.id]:
        if step.state in OPEN:
            fits = becomes if machines.may(step.machine, step.state, becomes) else _nearest(step)
            move(session, step, fits, by=by, through=through, why=why)
    tell(session, stay.store_id, stay.id)


def _nearest(step: Step) -> str:
    """Where nothing else is drawn: what was planned is cancelled, what was begun is left."""
    ends: Iterable[State] = (State.CANCELLED, State.LEFT, State.DONE, State.DISCHARGED)
    return next(one for one in ends if machines.may(step.machine, step.state, one))


def who_is(session: Session, stay: Stay, patient_id: int, *, by: int) -> None:
    """Whoever holds the ticket has said who they are. Raises HereAlready."""
    same = queries.here(session, stay.store_id, stay.day, patient_id)
    if known := next((one for one in same if one.kind_id == stay.kind_id and one.id != stay.id), None):
        raise HereAlready(known.id, known.ticket)
    stay.patient_id = patient_id
    session.flush()
    audit.note(session, by=by, verb="identified", kind="stay", subject=stay.id, patient=patient_id)
    tell(session, stay.store_id, stay.id)


def hurry(session: Session, stay: Stay, priority: int, *, by: int, why: str) -> None:
    """Somebody comes before others, or not any more. Raises WantsReason."""
    if not why.strip():
        raise WantsReason
    stay.priority = priority
    session.flush()
    audit.note(session, by=by, verb="hurried", kind="stay", subject=stay.id, patient=stay.patient_id, priority=priority)
    tell(session, stay.store_id, stay.id)
