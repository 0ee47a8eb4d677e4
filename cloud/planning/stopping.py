"""When somebody cannot come: their time is taken out of the schedule, and every visit in it is looked after.

The change is one transaction, each visit another: one that cannot be helped leaves the others alone, and is told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.booking import entries, letters, services, standing, substituting
from cloud.booking.choices import By, Kind, State
from cloud.booking.errors import BookingError, Gone, NoSuchMove
from cloud.booking.once import settled
from cloud.booking.standing import Booked
from cloud.planning import affected, hours
from cloud.planning.affected import Intended
from cloud.planning.choices import CouldNot, Fate


class Unseen(Exception):
    """A change touches visits that whoever makes it has not seen: nothing was done."""

    def __init__(self, visits: list[Booked]) -> None:
        super().__init__(f"{len(visits)} visits")
        self.visits = visits


@dataclass(frozen=True)
class Stop:
    """Who (nobody in particular: the whole store) cannot be booked when, and why; ``types`` still may."""

    store_id: int
    resource_id: int | None
    starts_at: datetime
    ends_at: datetime
    why: str
    types: tuple[int, ...] = ()

    def deed(self, by: int) -> Callable[[Session], object]:
        """What it does to the schedule."""
        between = (self.starts_at, self.ends_at)
        return lambda session: hours.block(
            session, self.store_id, self.resource_id, between, self.why, by=by, types=self.types
        )

    def change(self, by: int) -> Intended:
        """The same, to be looked at first."""
        return Intended(self.store_id, self.deed(by), self.starts_at.date(), self.ends_at.date())


@dataclass(frozen=True)
class Care:
    """What is to become of visits: their fate, who takes over if somebody does, and the reason that is written down."""

    fate: Fate
    why: str
    instead: int | None = None


@dataclass(frozen=True)
class Result:
    """What became of one visit: ``done`` what was done, or ``could_not`` why not."""

    visit_id: int
    done: Fate | None
    could_not: CouldNot | None = None


def make(engine: Engine, tenant_id: int, change: Intended, seen: str = "") -> list[Booked]:
    """Make a change in a transaction of its own; the visits it touches.

    ``seen`` is the fingerprint of those that were shown. Raises Unseen when there are others, and whatever the deed
    raises; then nothing was done.
    """

    def done(session: Session) -> tuple[list[Booked], bool]:
        visits = affected.affected(session, change)
        was_seen = not visits or affected.fingerprint(visits) == seen
        if was_seen:
            change.deed(session)
        return visits, was_seen

    visits, made = settled(engine, tenant_id, done)  # nothing is raised inside: it would take the rows with it
    if not made:
        raise Unseen(visits)
    return visits


def touched(engine: Engine, tenant_id: int, change: Intended) -> list[Booked]:
    """The visits a change would touch; it is not made. Raises whatever its deed raises."""
    return settled(engine, tenant_id, lambda session: affected.affected(session, change))


def look_after(engine: Engine, tenant_id: int, visits: Iterable[int], care: Care, *, by: int) -> list[Result]:
    """One visit after the other, each in a transaction of its own."""
    return [_settle(engine, tenant_id, one, care, by) for one in visits]


def left(results: Sequence[Result]) -> list[int]:
    """Visits nothing could be done for."""
    return [one.visit_id for one in results if one.could_not is not None]


def _settle(engine: Engine, tenant_id: int, visit_id: int, care: Care, by: int) -> Result:
    deeds: dict[Fate, Callable[[Session, int, Care, int], object]] = {
        Fate.KEEP: lambda *_: None,
        Fate.SUBSTITUTE: _substitute,
        Fate.REBOOK: _rebook,
        Fate.CANCEL: _cancel,
    }
    try:
        settled(engine, tenant_id, lambda session: deeds[care.fate](session, visit_id, care, by))
    except Gone:
        return Result(visit_id, None, CouldNot.NOBODY)
    except BookingError:
        return Result(visit_id, None, CouldNot.OVER)
    return Result(visit_id, care.fate)


def _substitute(session: Session, visit_id: int, care: Care, by: int) -> None:
    substituting.substitute(session, visit_id, by=by, why=care.why, instead=care.instead)


def _rebook(session: Session, visit_id: int, care: Care, by: int) -> None:
    """The visit stays until the patient has another; they get a letter, and the desk an entry."""
    visit = _still(session, visit_id)
    letters.another_time(session, visit)
    answers = [("rebook", care.why)]
    entries.note(
        session, Kind.TELL, store_id=visit.store_id, visit_id=visit.id, patient_id=visit.patient_id, answers=answers
    )
    services.note(session, visit, "rebook", {}, by=by, through=By.STAFF, why=care.why)


def _cancel(session: Session, visit_id: int, care: Care, by: int) -> None:
    services.turn(session, _still(session, visit_id), State.CANCELLED, by=by, through=By.STAFF, why=care.why)


def _still(session: Session, visit_id: int) -> Booked:
    """A visit that nobody has begun or ended meanwhile. Raises NoSuchMove."""
    found = standing.visits(session, [visit_id])
    if not found or found[0].state not in substituting.MOVABLE:
        raise NoSuchMove(found[0].state if found else "nothing", "moved")
    return found[0]
