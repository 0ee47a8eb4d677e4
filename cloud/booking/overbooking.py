"""A visit beside others, by somebody's decision: outside the constraint, with a reason, and seen by everybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import services, taking
from cloud.booking.asking import Ask
from cloud.booking.choices import MOVES, By, State, Taken
from cloud.booking.errors import NoSuchMove, NotOffered, WantsReason
from cloud.booking.models import Part, Visit
from cloud.schedule import queries as schedule
from cloud.schedule.models import Resource
from cloud.schedule.queries import Recipe


def overbook(
    session: Session,
    ask: Ask,
    at: datetime,
    patient_id: int,
    *,
    resources: Sequence[int],
    by: int,
    why: str,
    **told: Any,
) -> Visit:
    """Book at any time with these resources, taken or not; a need that none of them meets is nobody's.

    Raises WantsReason, NotOffered (no such type, or none of them has anything to do in it), Overlaps.
    """
    ends_at, parts = _wanted(session, ask, at, resources, why)
    visit = services.new_visit(ask.store_id, ask.type_id, patient_id, at, ends_at, who=ask.who, booked_by=by, **told)
    services.refuse_overlap(session, visit)
    services.enter(session, visit, parts)
    services.note(session, visit, "overbooked", {}, by=by, through=By.STAFF, why=why)
    return visit


def move(
    session: Session, visit: Visit, ask: Ask, at: datetime, *, resources: Sequence[int], by: int, why: str
) -> Visit:
    """Another time for a visit, taken or not, as a swap. Raises WantsReason, NotOffered, Overlaps, NoSuchMove."""
    if State.MOVED not in MOVES[State(visit.state)]:
        raise NoSuchMove(visit.state, State.MOVED)
    ends_at, parts = _wanted(session, ask, at, resources, why)
    taking.lock(session, {one.resource_id for one in parts})
    taking.release(session, visit.id)
    new = services.instead(visit, ask, at, ends_at, by)
    services.swap(session, visit, new, parts, by=by, through=By.STAFF)
    services.note(session, new, "overbooked", {}, by=by, through=By.STAFF, why=why)
    return new


def _wanted(
    session: Session, ask: Ask, at: datetime, resources: Sequence[int], why: str
) -> tuple[datetime, list[Part]]:
    """Until when the patient is told it lasts, and what it takes. Raises WantsReason, NotOffered."""
    if not why.strip():
        raise WantsReason
    recipe = schedule.recipe(session, ask.type_id)
    parts = _parts(session, recipe, at, resources) if recipe else []
    if recipe is None or not parts:
        raise NotOffered(ask.type_id)
    return at + timedelta(minutes=recipe.type.shown), parts


def _parts(session: Session, recipe: Recipe, at: datetime, resources: Sequence[int]) -> list[Part]:
    """One after the other with the shortest waits, from the first reservation on."""
    chosen = session.scalars(select(Resource).where(Resource.id.in_(list(resources))).order_by(Resource.id)).all()
    found, starts = [], at - timedelta(minutes=recipe.type.before)
    for number, segment in enumerate(recipe.segments):
        starts += timedelta(minutes=segment.gap_least if number else 0)
        ends = starts + timedelta(minutes=segment.minutes)
        skills = {need.skill for need in recipe.needs.get(segment.id, ())}
        serving = [one.id for one in chosen if skills & set(one.skills)]
        when = {"segment": number, "starts_at": starts, "ends_at": ends, "taken": Taken.OVERBOOKED}
        found += [Part(resource_id=one, **when) for one in serving]
        starts = ends
    return found
