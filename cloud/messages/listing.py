"""Letters as pages show them: a store's, a patient's, one with its steps, and what lies on telephones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from cloud.messages.choices import OPEN, Channel, State
from cloud.messages.models import Enclosure, Kept, Letter, Reply, Step

PAGE, PHONES, ON_ONE = 50, 24, 30
SHELVES: dict[str, tuple[State, ...]] = {
    "all": tuple(State),
    "waiting": OPEN,
    "sent": (State.SENT,),
    "stuck": (State.DENIED, State.NOWHERE, State.FAILED, State.DOUBTFUL),
    "withdrawn": (State.WITHDRAWN,),
}


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed to. ``patients`` None: anybody."""

    store_id: int | None
    shelf: str = "all"
    patients: tuple[int, ...] | None = None
    about: str | None = None


@dataclass(frozen=True)
class Page:
    """Some letters, newest first; ``older`` and ``newer`` are ids to go on from."""

    letters: Sequence[Letter]
    older: int | None
    newer: int | None


@dataclass(frozen=True)
class Line:
    """Something on a telephone: what we wrote, or what they answered."""

    at: datetime
    body: str
    subject: str = ""
    reply: Reply | None = None
    letter_id: int | None = None


@dataclass(frozen=True)
class Phone:
    """Everything that lies on one telephone, or in one mailbox; ``name`` is whom the last letter was for."""

    channel: str
    normalized: str
    address: str
    name: str
    lines: tuple[Line, ...]


def page(session: Session, asked: Asked, *, before: int | None = None, after: int | None = None) -> Page:
    """A page of the list, before (older) or after (newer) a letter."""
    query = _asked(asked)
    query = query.where(Letter.id < before) if before else query
    query = query.where(Letter.id > after).order_by(Letter.id) if after else query.order_by(Letter.id.desc())
    found = list(session.scalars(query.limit(PAGE + 1)))
    more, some = len(found) > PAGE, found[:PAGE]
    some = some[::-1] if after else some
    older = some[-1].id if some and (more or after) else None
    newer = some[0].id if some and (before or (after and more)) else None
    return Page(some, older, newer)


def counts(session: Session, asked: Asked) -> dict[str, int]:
    """How many there are on each shelf."""
    every = _asked(Asked(asked.store_id, patients=asked.patients, about=asked.about)).subquery()
    counted = session.execute(select(every.c.state, func.count()).group_by(every.c.state))
    rows: dict[str, int] = dict(counted.all())
    return {shelf: sum(rows.get(state, 0) for state in states) for shelf, states in SHELVES.items()}


def of_patient(session: Session, patient_ids: Sequence[int]) -> Sequence[Letter]:
    """The newest letters of somebody."""
    return session.scalars(
        select(Letter).where(Letter.patient_id.in_(patient_ids)).order_by(Letter.id.desc()).limit(PAGE)
    ).all()


def steps(session: Session, letter_id: int) -> Sequence[Step]:
    """What was decided about a letter and became of it, in order."""
    return session.scalars(select(Step).where(Step.letter_id == letter_id).order_by(Step.id)).all()


def files(session: Session, letter_id: int) -> Sequence[str]:
    """Names of what goes with a letter."""
    return session.scalars(select(Enclosure.name).where(Enclosure.letter_id == letter_id).order_by(Enclosure.id)).all()


def replies(session: Session, letter_id: int) -> Sequence[Reply]:
    """What was answered to a letter."""
    return session.scalars(select(Reply).where(Reply.letter_id == letter_id).order_by(Reply.id)).all()


def phones(session: Session, store_id: int | None) -> list[Phone]:
    """Telephones and mailboxes with something on them, the one that rang last first; each with its newest lines."""
    last = func.max(Kept.id).label("last")
    ours = select(Kept.channel, Kept.normalized, last).join(
        Letter, (Letter.tenant_id == Kept.tenant_id) & (Letter.id == Kept.letter_id)
    )
    ours = ours.where(or_(Letter.store_id == store_id, Letter.store_id.is_(None)))
    keys = session.execute(ours.group_by(Kept.channel, Kept.normalized).order_by(last.desc()).limit(PHONES)).all()
    written, answered = _written(session, [one.normalized for one in keys]), _answered(session, keys)
    return [_phone(key.channel, key.normalized, written, answered) for key in keys]


def _asked(asked: Asked) -> Select[Letter]:
    query = select(Letter).where(Letter.state.in_(SHELVES[asked.shelf]))
    query = query.where(or_(Letter.store_id == asked.store_id, Letter.store_id.is_(None)))
    if asked.patients is not None:
        query = query.where(Letter.patient_id.in_(asked.patients))
    return query.where(Letter.about == asked.about) if asked.about else query


def _written(session: Session, addresses: Sequence[str]) -> list[tuple[Kept, Letter]]:
    both = select(Kept, Letter).join(Letter, (Letter.tenant_id == Kept.tenant_id) & (Letter.id == Kept.letter_id))
    place = func.row_number().over(partition_by=(Kept.channel, Kept.normalized), order_by=Kept.id.desc())
    newest = select(Kept.id.label("id"), place.label("place")).where(Kept.normalized.in_(addresses)).subquery()
    wanted = select(newest.c.id).where(newest.c.place <= ON_ONE)
    return [(kept, letter) for kept, letter in session.execute(both.where(Kept.id.in_(wanted)).order_by(Kept.id))]


def _answered(session: Session, keys: Sequence[object]) -> Sequence[Reply]:
    addresses = [one.normalized for one in keys]  # type: ignore[attr-defined]
    query = select(Reply).where(Reply.channel == Channel.PHONE, Reply.normalized.in_(addresses))
    return session.scalars(query.order_by(Reply.id.desc()).limit(PHONES * ON_ONE)).all()


def _phone(channel: str, normalized: str, written: list[tuple[Kept, Letter]], answered: Sequence[Reply]) -> Phone:
    mine = [(kept, one) for kept, one in written if (kept.channel, kept.normalized) == (channel, normalized)]
    said = [one for one in answered if (one.channel, one.normalized) == (channel, normalized)]
    lines = [Line(kept.at, kept.body, kept.subject, None, one.id) for kept, one in mine]
    lines += [Line(one.at, one.body, "", one) for one in said]
    newest = mine[-1][1]
    return Phone(channel, normalized, newest.address, newest.name, tuple(sorted(lines, key=lambda line: line.at)))
