"""Where somebody is in the queue, as they may know it themselves: no name, nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.queue import queries, times
from cloud.queue.choices import IN_LINE, OPEN, SERVED
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Step as State
from cloud.queue.models import Stay, Step

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Where:
    """``state`` is ``waiting``, ``called``, ``served``, ``away``, ``missed``, ``done``, ``left`` or ``cancelled``.

    ``door`` is where to go when called; ``before`` are those who are called first, None where nobody waits;
    ``minutes`` a range of how long still, None where the day tells too little.
    """

    ticket: str
    state: str
    station: Names | None = None
    door: Names | None = None
    before: int | None = None
    minutes: tuple[int, int] | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more happens here."""
        return self.state in (Here.DONE, Here.LEFT, Here.CANCELLED)


def where(session: Session, stay: Stay) -> Where:
    """Where somebody is now."""
    if stay.state != Here.HERE:
        return Where(stay.ticket, stay.state)
    if stay.day != queries.today(session, stay.store_id):
        return Where(stay.ticket, Here.LEFT)
    step = current(queries.steps_of(session, [stay.id])[stay.id])
    return Where(stay.ticket, "away") if step is None else _at(session, stay, step)


def current(steps: Sequence[Step]) -> Step | None:
    """The step that matters now: a call, then who is being seen, then a line, then what is held."""
    open_ = [one for one in steps if one.state in OPEN and one.state != State.PLANNED]
    return min(open_, key=_rank, default=None)


def _rank(step: Step) -> int:
    ranks = ((State.CALLED,), SERVED, IN_LINE, (State.MISSED,))
    return next((n for n, states in enumerate(ranks) if step.state in states), len(ranks))


def _at(session: Session, stay: Stay, step: Step) -> Where:
    station = queries.station(session, step.station_id, stay.store_id)
    state = ("called", "served", "waiting", "missed", "away")[_rank(step)]
    before = _before(session, step) if state == "waiting" else None
    door = _door(session, step) if state in ("called", "served") else None
    return Where(stay.ticket, state, station.names, door, before, _minutes(session, step, before))


def _before(session: Session, step: Step) -> int | None:
    line = queries.open_steps(session, [step.station_id])
    return next((one.before for one in line if one.step.id == step.id), None)


def _door(session: Session, step: Step) -> Names | None:
    doors = queries.desks(session, [step.station_id])
    return next((one.names for one in doors if one.id == step.desk_id), None)


def _minutes(session: Session, step: Step, before: int | None) -> tuple[int, int] | None:
    return None if before is None else times.estimate(session, step.station_id, before)
