"""Who is called: one at a time at a station, so that two who press at once get two people."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.queue import gates, holding, queries, rules
from cloud.queue.choices import IN_LINE, Through
from cloud.queue.choices import Step as State
from cloud.queue.errors import NobodyWaits, NotDrawn, NotPaid
from cloud.queue.models import Call, Desk, Station, Step
from cloud.queue.moving import move, tell
from cloud.queue.queries import InLine


def next_(
    session: Session, station_id: int, desk: Desk | None, *, by: int | None, through: Through = Through.PAGE
) -> tuple[InLine, Call]:
    """Call whose turn it is. Raises NobodyWaits, HeldAway."""
    station = queries.locked(session, station_id)
    holding.mine(session, station.store_id)
    for one in _line(session, station):
        if one.step.staff_id in (None, by) and _may_pass(session, one, station):
            return one, _call(session, station, one, desk, by, through)
    raise NobodyWaits


def this(session: Session, one: InLine, desk: Desk | None, *, by: int | None, through: Through = Through.PAGE) -> Call:
    """Call somebody out of turn, or once more: another turn of the same call. Raises NotDrawn, NotPaid, HeldAway."""
    holding.mine(session, one.stay.store_id)
    station = queries.locked(session, one.step.station_id)
    session.refresh(one.step)
    gates.hold(session, one.stay, station)
    return _call(session, station, one, desk, by, through)


def missed(session: Session, one: InLine, *, by: int | None, through: Through = Through.PAGE) -> None:
    """Nobody came. They wait in line again, behind some others, or are given up with their last call.

    Raises NotDrawn, Moved, HeldAway.
    """
    holding.mine(session, one.stay.store_id)
    station = queries.locked(session, one.step.station_id)
    move(session, one.step, State.MISSED, by=by, through=through)
    behind = queries.calls_today(session, station) + rules.turn().behind
    if one.step.turn < rules.turn().calls:
        move(session, one.step, State.WAITING, by=by, through=through, not_before=behind)
    tell(session, one.stay.store_id, one.stay.id)


def _line(session: Session, station: Station) -> list[InLine]:
    found = queries.open_steps(session, [station.id])
    return [one for one in found if one.step.state in IN_LINE]


def _may_pass(session: Session, one: InLine, station: Station) -> bool:
    try:
        gates.hold(session, one.stay, station)
    except NotPaid:
        return False
    return True


def _call(session: Session, station: Station, one: InLine, desk: Desk | None, by: int | None, through: Through) -> Call:
    step, again = one.step, one.step.state == State.CALLED
    where = desk.id if desk else step.desk_id
    move(session, step, State.CALLED, by=by, through=through, desk_id=where, turn=step.turn + 1)
    if not again:
        count(session, station)
    call = Call(step_id=step.id, store_id=station.store_id, desk_id=where, uid=_uid(session, step), by=by)
    call.turn, call.at = step.turn, step.moved_at
    session.add(call)
    session.flush()
    tell(session, station.store_id, one.stay.id)
    return call


def _uid(session: Session, step: Step) -> UUID:
    """The same for every turn of a call; who waits in line anew is called anew."""
    query = select(Call.uid).where(Call.step_id == step.id).order_by(Call.id.desc()).limit(1)
    return (session.scalar(query) if step.turn > 1 else None) or uuid7()


def count(session: Session, station: Station) -> None:
    """One more was called here today."""
    today = queries.today(session, station.store_id)
    station.calls = station.calls + 1 if station.called_on == today else 1
    station.called_on = today
    session.flush()


def due_again(session: Session, one: InLine, at: datetime | None = None) -> bool:
    """Whether somebody who was called and did not come should be called once more."""
    if one.step.state != State.CALLED:
        raise NotDrawn(one.step.machine, one.step.state, State.CALLED)
    return (at or now()) - one.step.moved_at >= timedelta(seconds=rules.turn().apart_s)
