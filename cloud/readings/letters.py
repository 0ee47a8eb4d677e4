"""Dead letters: what could not be taken is tried again once the cloud has learned more, or set aside by a person.

A letter is never changed and never edited: nobody may type into what an instrument said. Each try is a row beside it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Subquery, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.tenancy import current_tenant
from cloud.readings import intake
from cloud.readings.choices import SETTLED, Outcome
from cloud.readings.errors import NoSuchLetter, Settled
from cloud.readings.models import DeadLetter, Replay
from cloud.readings.parcels import Parcel, Sender
from cloud.readings.sorting import sort_again

PAGE = 50


class Letter(NamedTuple):
    """A dead letter and the last thing that was tried with it."""

    letter: DeadLetter
    last: Replay | None

    @property
    def is_open(self) -> bool:
        """Whether anything is left to do."""
        return self.last is None or self.last.outcome not in SETTLED


def page(session: Session, *, settled: bool = False, before: int | None = None) -> Sequence[Letter]:
    """Letters that wait, or those that are settled, newest first; one more than PAGE says that there are others."""
    latest = _latest()
    query = select(DeadLetter, Replay).outerjoin(latest, latest.c.letter_id == DeadLetter.id)
    query = query.outerjoin(Replay, Replay.id == latest.c.id).order_by(DeadLetter.id.desc()).limit(PAGE + 1)
    done = Replay.outcome.in_(SETTLED)
    query = query.where(done if settled else Replay.id.is_(None) | ~done)
    found = session.execute(query.where(DeadLetter.id < before) if before else query)
    return [Letter(letter, last) for letter, last in found]


def waiting(session: Session) -> int:
    """How many letters wait."""
    done = select(Replay.letter_id).where(Replay.outcome.in_(SETTLED))
    return session.scalar(select(func.count()).where(DeadLetter.id.not_in(done))) or 0


def replay(session: Session, letter_id: int, *, by: int) -> Replay:
    """Try to take a letter in again. Raises NoSuchLetter, Settled."""
    letter = _open(session, letter_id)
    parcel = sort_again(_sender(letter), letter.epoch, letter.payload, letter.arrived_at)
    why = next((dead.reason for dead in parcel.dead), None) or _taken(session, parcel)
    return _settle(session, letter, Outcome.REFUSED if why else Outcome.TAKEN, why, by)


def replay_all(session: Session, *, by: int) -> dict[str, int]:
    """Try every letter that waits, the oldest first; how many were taken and how many refused again."""
    done = [replay(session, letter_id, by=by).outcome for letter_id in _waiting_ids(session)]
    return {outcome.value: done.count(outcome.value) for outcome in (Outcome.TAKEN, Outcome.REFUSED)}


def set_aside(session: Session, letter_id: int, *, why: str, by: int) -> Replay:
    """Say that nothing is to be done with a letter; it is kept. Raises NoSuchLetter, Settled."""
    return _settle(session, _open(session, letter_id), Outcome.ASIDE, why, by)


def _latest() -> Subquery:
    return select(Replay.letter_id, func.max(Replay.id).label("id")).group_by(Replay.letter_id).subquery()


def _waiting_ids(session: Session) -> Iterator[int]:
    done = select(Replay.letter_id).where(Replay.outcome.in_(SETTLED))
    yield from session.scalars(select(DeadLetter.id).where(DeadLetter.id.not_in(done)).order_by(DeadLetter.id)).all()


def _open(session: Session, letter_id: int) -> DeadLetter:
    letter = session.scalars(select(DeadLetter).where(DeadLetter.id == letter_id)).first()
    if letter is None:
        raise NoSuchLetter(letter_id)
    # two people at once: the second waits for the first, and then finds it settled
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("readings_dead_letter"), letter_id % 2**31)))
    last = session.scalars(select(Replay).where(Replay.letter_id == letter_id).order_by(Replay.id.desc())).first()
    if not Letter(letter, last).is_open:
        raise Settled(letter_id)
    return letter


def _sender(letter: DeadLetter) -> Sender:
    return Sender(current_tenant(), letter.store_id, letter.gateway_id)


def _taken(session: Session, parcel: Parcel) -> str | None:
    """Take the rows in, or say why the database would not; then nothing of them is there."""
    try:
        with session.begin_nested():
            intake.take(session, current_tenant(), [parcel])
    except DBAPIError as refusal:
        return f"the database refused it: {type(refusal.orig).__name__}"
    return None


def _settle(session: Session, letter: DeadLetter, outcome: Outcome, why: str | None, by: int) -> Replay:
    row = Replay(letter_id=letter.id, outcome=outcome.value, why=why, by=by)
    session.add(row)
    session.flush()
    audit.note(session, by=by, verb=f"dead_letter_{outcome}", kind="dead_letter", subject=letter.id)
    return row
