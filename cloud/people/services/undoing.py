"""Taking a change back: a new change that says so, made only where nothing written since would be lost."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.people import queries
from cloud.people.errors import NoSuchEntry, NotUndoable
from cloud.people.models import Alert, Change, Contact, Membership, Patient, Tagging, Tie
from cloud.people.services.deeds import begin
from cloud.people.services.merging import COMPARED, value_of

Undone = Patient | Contact | Tie | Alert | Tagging | Membership
# Fields that can be put back by themselves. A merge is undone whole, an allergy by its own buttons.
UNDOABLE: dict[str, tuple[type[Any], frozenset[str]]] = {
    "person": (Patient, frozenset({*COMPARED, "roles"} - {"phone", "status", "deceased_on", "moved_to"})),
    "contact": (Contact, frozenset({"ended_at"})),
    "tie": (Tie, frozenset({"ended_at"})),
    "alert": (Alert, frozenset({"ended_at"})),
    "tag": (Tagging, frozenset({"ended_at"})),
    "membership": (Membership, frozenset({"left_at"})),
}


def undoable(change: Change) -> bool:
    """Whether this kind of change can be taken back by itself at all."""
    if change.field in ("ended_at", "left_at") and change.after is None:
        return False
    return change.kind in UNDOABLE and change.field in UNDOABLE[change.kind][1]


def undo(session: Session, patient_id: int, change_id: int, *, by: int | None, why: str | None = None) -> None:
    """Put the value from before a change back.

    Raises:
        NoSuchPatient, NoSuchEntry: nobody, or no such change of theirs.
        NotUndoable: it is no change of that kind, or the field holds something else by now.
    """
    deed = begin(session, patient_id, by=by, why=why)
    change = session.get(Change, (current_tenant(), change_id))
    if change is None or change.patient_id not in queries.ids_of(session, patient_id):
        raise NoSuchEntry(change_id)
    if not undoable(change):
        raise NotUndoable((change.field,))
    row = _row(session, change)
    if _holds_something_else(session, change, row):
        raise NotUndoable((change.field,))
    deed.set(row, undoes=change.id, **{change.field: value_of(change.field, change.before)})
    deed.note("undone", change=change.id)


def _row(session: Session, change: Change) -> Undone:
    found: Undone = session.get_one(UNDOABLE[change.kind][0], (current_tenant(), change.row_id))
    return found


def _holds_something_else(session: Session, change: Change, row: object) -> bool:
    later = select(Change.id).where(
        Change.kind == change.kind, Change.row_id == change.row_id, Change.field == change.field, Change.id > change.id
    )
    gone = isinstance(row, Patient) and row.merged_into is not None
    return gone or session.scalars(later.limit(1)).first() is not None
