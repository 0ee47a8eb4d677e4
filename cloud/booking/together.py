"""Visits that are called off together: the rest of a series, everybody of a party."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import listing, services, taking
from cloud.booking.choices import MOVES, By, State
from cloud.booking.models import Part, Visit


def with_it(session: Session, visit: Visit) -> list[Visit]:
    """What could be called off with a visit: later ones of its series, all of its party, as far as they still stand."""
    able = (one for one in listing.together(session, visit) if State.CANCELLED in MOVES[State(one.state)])
    return [one for one in able if visit.party or one.shown_at > visit.shown_at]


def call_off(session: Session, visits: Sequence[Visit], *, by: int | None, through: By, why: str | None) -> None:
    """All of them or none. Raises NoSuchMove, WantsReason."""
    parts = select(Part.resource_id).where(Part.visit_id.in_([one.id for one in visits]))
    taking.lock(session, set(session.scalars(parts)))
    for one in visits:
        services.turn(session, one, State.CANCELLED, by=by, through=through, why=why)
