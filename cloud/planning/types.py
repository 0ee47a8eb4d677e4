"""Types of visit: what they take, and how they are booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.planning import history, queries
from cloud.planning.choices import Deed, Subject
from cloud.planning.errors import NameTaken
from cloud.schedule.models import Length, Need, Segment, Type


@dataclass(frozen=True)
class Stretch:
    """A segment that is not written yet. ``needs``: skill, how many, and what ties it to one and the same person.

    ``lengths``: whom (a resource or nobody in particular), new or existing or both, and their minutes.
    """

    names: Mapping[str, str]
    minutes: int
    gap: tuple[int, int] = (0, 0)
    needs: tuple[tuple[str, int, str | None], ...] = ()
    lengths: tuple[tuple[int | None, str, int], ...] = ()


def add(session: Session, told: Mapping[str, Any], stretches: Sequence[Stretch], *, by: int) -> Type:
    """A new type. Raises NameTaken."""
    if session.scalars(select(Type.id).where(Type.code == told["code"])).first() is not None:
        raise NameTaken(told["code"])
    one = Type(**told)
    session.add(one)
    session.flush()
    _write(session, one, stretches)
    history.keep(session, Subject.TYPE, Deed.ADDED, one, by=by, after=recipe(session, one))
    return one


def change(session: Session, one: Type, told: Mapping[str, Any], stretches: Sequence[Stretch], *, by: int) -> None:
    """Other words or another course; what is booked stays as it was booked."""
    before = recipe(session, one)
    for name in told:
        if name != "code" and getattr(one, name) != told[name]:
            setattr(one, name, told[name])
    if stretches_of(session, one) != list(stretches):
        _write(session, one, stretches)
    session.flush()
    after = recipe(session, one)
    if after != before:
        history.keep(session, Subject.TYPE, Deed.CHANGED, one, by=by, before=before, after=after)


def recipe(session: Session, one: Type) -> dict[str, Any]:
    """A type with its segments, as JSON can hold it."""
    found = stretches_of(session, one)
    segments = [
        {**vars(it), "needs": list(map(list, it.needs)), "lengths": list(map(list, it.lengths))} for it in found
    ]
    return {**history.row(one), "segments": [{**it, "gap": list(it["gap"])} for it in segments]}


def stretches_of(session: Session, one: Type) -> list[Stretch]:
    """The segments of a type as they are written."""
    lengths = queries.lengths(session, one.id)
    return [
        Stretch(
            segment.names,
            segment.minutes,
            (segment.gap_least, segment.gap_most),
            tuple((need.skill, need.count, need.same) for need in needs),
            tuple((it.resource_id, it.who, it.minutes) for it in lengths if it.segment_id == segment.id),
        )
        for segment, needs in queries.needs(session, [one.id])[one.id]
    ]


def _write(session: Session, one: Type, stretches: Sequence[Stretch]) -> None:
    old = list(session.scalars(select(Segment.id).where(Segment.type_id == one.id)))
    for table in (Need, Length):
        session.execute(delete(table).where(table.segment_id.in_(old)))
    session.execute(delete(Segment).where(Segment.id.in_(old)))
    for number, stretch in enumerate(stretches):
        least, most = stretch.gap
        segment = Segment(type_id=one.id, number=number, names=dict(stretch.names), minutes=stretch.minutes)
        segment.gap_least, segment.gap_most = least, most
        session.add(segment)
        session.flush()
        session.add_all(Need(segment_id=segment.id, skill=a, count=b, same=c) for a, b, c in stretch.needs)
        session.add_all(Length(segment_id=segment.id, resource_id=a, who=b, minutes=c) for a, b, c in stretch.lengths)
        session.flush()
