"""Each kind of thing a gateway does with a queue, done here as it was done there. Raises what the queue raises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.queue import calling, gates, numbers, queries, services, visits
from cloud.queue.choices import SERVED, Source, Through
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Step as State
from cloud.queue.errors import Moved, NoSuch
from cloud.queue.models import Call, Holding, Kept, Stay, Step
from cloud.queue.moving import move
from protocols.envelope.queue import Change, Entry


def moment(said: str) -> datetime:
    """By the gateway's clock, but never later than ours. Raises NoSuch for what is no moment."""
    return min(_read(said), now())


def _read(said: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise NoSuch from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Doing:
    """One entry of a holding, and the row that keeps it."""

    session: Session
    row: Holding
    kept: Kept
    entry: Entry

    @property
    def through(self) -> Through:
        """A page of the gateway, or a button."""
        return Through(self.entry.through)

    @property
    def why(self) -> str:
        """The words of whoever did it, with the name they gave: no gateway knows who stands before it."""
        return f"{self.entry.why} ({self.entry.by})"[:200] if self.entry.by else self.entry.why

    def stay(self, ref: int) -> Stay:
        """One of this store. Raises NoSuch."""
        number = ref if ref > 0 else self._begun(ref).stay_id
        return queries.stay(self.session, number or 0, self.row.store_id)

    def step(self, ref: int) -> queries.InLine:
        """One of this store. Raises NoSuch."""
        number = ref if ref > 0 else self._begun(ref).step_id
        return queries.step(self.session, number or 0, self.row.store_id)

    def _begun(self, ref: int) -> Kept:
        mine = (Kept.gateway_id == self.row.gateway_id, Kept.hold == self.row.hold, Kept.n == -ref)
        found = self.session.scalars(select(Kept).where(*mine)).first()
        if found is None:
            raise NoSuch
        return found


def _came(doing: Doing) -> None:
    """Somebody came, under a number that was the gateway's to give."""
    came, store_id = doing.entry.came, doing.row.store_id
    if came is None or doing.row.gateway_id is None:
        raise NoSuch
    day, kind = _read(came.day).date(), queries.kind(doing.session, store_id, came.offer)
    if kind.letter != came.ticket[0]:
        raise NoSuch
    numbers.given(doing.session, store_id, day, came.ticket, doing.row.gateway_id)
    stay, step, _token = services.arrive(
        doing.session,
        kind,
        due_at=_read(came.due_at) if came.due_at else None,
        source=Source.BUTTON if came.button else Source.GATEWAY,
        **{"through": doing.through, "at": doing.kept.at, "ticket": came.ticket, "day": day},  # type: ignore[arg-type]
    )
    doing.kept.stay_id, doing.kept.step_id = stay.id, step.id
    doing.session.flush()


def _moved(doing: Doing) -> None:
    """States follow each other, each from the one the gateway saw."""
    for change in doing.entry.changes:
        _change(doing, change)


def _change(doing: Doing, change: Change) -> None:
    subject: Stay | Step = doing.stay(change.id) if change.of == "stay" else doing.step(change.id).step
    if subject.state != change.was:
        raise Moved(subject.id)
    also = _also(doing, change) if change.of == "step" else {}
    at = max(doing.kept.at, subject.moved_at)
    move(doing.session, subject, change.becomes, by=None, through=doing.through, why=doing.why, at=at, **also)
    _follow(doing, subject)


def _also(doing: Doing, change: Change) -> Mapping[str, Any]:
    told: dict[str, Any] = {"turn": change.turn, "not_before": change.not_before}
    told |= {"queued_at": moment(change.queued_at) if change.queued_at else None}
    if change.desk is not None:
        step = doing.step(change.id).step
        told["desk_id"] = queries.desk(doing.session, change.desk, step.station_id).id
    return {name: value for name, value in told.items() if value is not None}


def _follow(doing: Doing, subject: Stay | Step) -> None:
    """The booked visit behind somebody goes along."""
    if isinstance(subject, Step):
        if subject.state in SERVED:
            visits.begun(doing.session, doing.stay(subject.stay_id), None)
    elif subject.state == Here.DONE:
        visits.over(doing.session, subject, None)


def _called(doing: Doing) -> None:
    """Somebody was called, at the gateway's own callers."""
    made = doing.entry.made
    if made is None:
        raise NoSuch
    one = doing.step(made.step)
    again = one.step.state == State.CALLED
    _moved(doing)
    station = queries.locked(doing.session, one.step.station_id)
    if not again:
        calling.count(doing.session, station)
    call = Call(step_id=one.step.id, store_id=station.store_id, desk_id=one.step.desk_id, uid=_uid(made.call))
    call.turn, call.who, call.at, call.by = made.turn, made.who, doing.kept.at, None
    doing.session.add(call)
    doing.session.flush()


def _uid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NoSuch from None


def _answered(doing: Doing) -> None:
    """How the callers fared."""
    said = doing.entry.answered
    found = queries.call_of(doing.session, doing.row.store_id, _uid(said.call), said.turn) if said else None
    if said is None or found is None:
        raise NoSuch
    found.told = {name: {"state": one.state, "at": one.at, "why": one.why} for name, one in said.callers.items()}
    doing.session.flush()


def _sent(doing: Doing) -> None:
    """On to another station."""
    _moved(doing)
    sent = doing.entry.sent
    if sent is None:
        return
    stay, at = doing.stay(sent.stay), doing.kept.at
    step = services.line_up(doing.session, stay, sent.station, by=None, through=doing.through, at=at)
    step.queued_at = moment(sent.queued_at)
    doing.kept.step_id = step.id
    doing.session.flush()


def _cleared(doing: Doing) -> None:
    """Money was taken, or somebody passed without it."""
    said = doing.entry.cleared
    if said is None:
        raise NoSuch
    stay = doing.stay(said.stay)
    if said.what == "paid":
        gates.pay(doing.session, stay, said.amount, by=None, how=doing.why)
    else:
        gates.override(doing.session, stay, by=None, why=doing.why)


DOINGS: Mapping[str, Callable[[Doing], None]] = {
    **{"came": _came, "called": _called, "moved": _moved},
    **{"sent": _sent, "cleared": _cleared, "answered": _answered},
}
