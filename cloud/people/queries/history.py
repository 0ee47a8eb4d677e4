"""What was changed about somebody, and which records became one."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cloud.people.choices import AlertKind
from cloud.people.models import Alert, Change, Merge
from cloud.people.queries.patients import whose
from cloud.people.rules import sees, treats

PAGE = 100


def changes(
    session: Session, patient_id: int, roles: Iterable[str], *, before: int | None = None, limit: int = PAGE
) -> list[Change]:
    """Changes of this person and of absorbed records, the newest first, as far as somebody with these roles sees them.

    ``before`` is the id the page before ended with.
    """
    query = select(Change).where(Change.patient_id.in_(whose(session, patient_id)))
    query = query if before is None else query.where(Change.id < before)
    found = session.scalars(query.order_by(Change.id.desc()).limit(limit)).all()
    mine = tuple(roles)
    hidden = _hidden_alerts(session, patient_id, mine)
    return [one for one in found if _visible(one, mine, hidden)]


def _hidden_alerts(session: Session, patient_id: int, roles: Sequence[str]) -> set[int]:
    query = select(Alert).where(Alert.patient_id.in_(whose(session, patient_id)))
    return {one.id for one in session.scalars(query) if not sees(AlertKind(one.kind), one.seen_by, roles)}


def _visible(change: Change, roles: Sequence[str], hidden: set[int]) -> bool:
    if change.kind == "alert":
        return change.row_id not in hidden
    return treats(roles) or not (change.kind == "allergy" or change.field == "allergy_state")


def undone(session: Session, found: Iterable[Change]) -> set[int]:
    """Of these changes, those taken back already."""
    ids = {one.id for one in found}
    rows: Iterable[Any] = session.scalars(select(Change.undoes).where(Change.undoes.in_(ids))) if ids else ()
    return set(rows)


def merges(session: Session, patient_id: int) -> Sequence[Merge]:
    """Merges this person's records took part in, the newest first."""
    ids = whose(session, patient_id)
    query = select(Merge).where(or_(Merge.survivor_id.in_(ids), Merge.absorbed_id.in_(ids)))
    return session.scalars(query.order_by(Merge.id.desc())).all()


def recent_merges(session: Session, limit: int = 20) -> Sequence[Merge]:
    """The chain's latest merges."""
    return session.scalars(select(Merge).order_by(Merge.id.desc()).limit(limit)).all()
