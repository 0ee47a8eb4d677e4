"""Somebody else does what one who is away would have done; the patient comes when they were told."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import letters, services, standing, taking
from cloud.booking.choices import By, State, Taken
from cloud.booking.errors import Gone, NoSuchMove
from cloud.booking.models import Part, Visit
from cloud.booking.standing import Store
from cloud.kernel.clock import now
from cloud.schedule.choices import Kind
from cloud.schedule.models import Resource

MOVABLE = (State.BOOKED, State.CONFIRMED)


def substitute(
    session: Session, visit_id: int, *, by: int, why: str, instead: int | None = None, away: int | None = None
) -> dict[int, int]:
    """Give whatever of a visit nobody can do any more to others: who was to do it, and who does.

    ``instead`` is the one who takes over; without one, the first of all who can. ``away`` is somebody who is not there
    though the schedule does not say so. Raises Gone when somebody is missing and nobody can; NoSuchMove for a visit
    that is over or under way.
    """
    visit = _locked(session, visit_id)
    seen = standing.store(session, visit.store_id, now(), only=[visit_id])
    if visit.state not in MOVABLE or seen is None:
        raise NoSuchMove(visit.state, "substituted")
    chosen = {one: _first(seen, parts, instead) for one, parts in _lost(seen, away).items()}
    for part, _visit in seen.parts:
        if part.resource_id in chosen:
            _give(session, part, chosen[part.resource_id])
    session.flush()
    if chosen:
        before = {"resources": sorted(chosen)}
        services.note(session, visit, "substituted", before, by=by, through=By.STAFF, why=why)
        _tell(session, visit, seen, chosen)
    return chosen


def _tell(session: Session, visit: Visit, seen: Store, chosen: dict[int, int]) -> None:
    """Patients are told of another person, not of another room."""
    people = [seen.plan.resources[one] for one in chosen.values() if seen.plan.resources[one].kind == Kind.PERSON]
    if people:
        who = ", ".join(one.name for one in people)
        letters.somebody_else(session, visit, who, "-".join(str(one.id) for one in people))


def _locked(session: Session, visit_id: int) -> Visit:
    """With everybody of its store, in the order in which booking waits for them. Raises NoSuchMove."""
    visit = session.scalars(select(Visit).where(Visit.id == visit_id)).first()
    if visit is None:
        raise NoSuchMove("nothing", "substituted")
    everybody = list(session.scalars(select(Resource.id).where(Resource.store_id == visit.store_id)))
    taking.lock(session, everybody)
    taking.sweep(session, everybody)
    session.refresh(visit)
    return visit


def _lost(seen: Store, away: int | None) -> dict[int, list[tuple[Part, Visit]]]:
    """Parts by whoever is not there: all they have in the visit, so that one person stays one person."""
    lacking = {part for _visit, part in seen.gaps()}
    gone = {one.resource_id for one, _visit in seen.parts if one.id in lacking or one.resource_id == away}
    found = defaultdict(list)
    for part, visit in seen.parts:
        if part.resource_id in gone:
            found[part.resource_id].append((part, visit))
    return found


def _first(seen: Store, parts: Sequence[tuple[Part, Visit]], instead: int | None) -> int:
    kept = {part.resource_id for part, _visit in seen.parts}
    asked = [instead] if instead is not None else sorted(seen.plan.resources)
    for one in asked:
        if one in seen.plan.resources and one not in kept and all(seen.could(one, *pair) for pair in parts):
            return one
    raise Gone


def _give(session: Session, part: Part, instead: int) -> None:
    """The old part stays on record and takes nobody's time."""
    session.add(
        Part(
            visit_id=part.visit_id,
            resource_id=instead,
            segment=part.segment,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
            taken=Taken.BOOKED,
        )
    )
    part.taken = Taken.OVER
