"""A deed: what is saved about a person together, each field with its before and after."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.tenancy import current_tenant
from cloud.people import likeness
from cloud.people.errors import NoSuchEntry, NoSuchPatient
from cloud.people.models import (
    Alert,
    Allergy,
    Change,
    Contact,
    Household,
    Membership,
    Merge,
    Patient,
    Tagging,
    Tie,
)

Row = Patient | Contact | Household | Membership | Tie | Allergy | Alert | Tagging | Merge
R = TypeVar("R", Contact, Allergy, Alert, Tagging, Membership)

KINDS: dict[type[Any], str] = {
    Patient: "person",
    Contact: "contact",
    Household: "household",
    Membership: "membership",
    Tie: "tie",
    Allergy: "allergy",
    Alert: "alert",
    Tagging: "tag",
    Merge: "merge",
}
MADE = "made"  # stands for a field where a whole row is new
_NAMES = {"family_name", "given_name"}


class Deed:
    """Changes of one person, kept as they are made; the person's version grows by one."""

    def __init__(self, session: Session, patient: Patient, *, by: int | None, why: str | None = None) -> None:
        self.session, self.patient, self.by, self.why = session, patient, by, why
        self.id: UUID = uuid4()
        self.touched = False

    def set(self, row: Row, *, undoes: int | None = None, **values: Any) -> bool:
        """Give a row other values; what is the same already is no change. Says whether anything was one."""
        before = {name: getattr(row, name) for name in values}
        changed = [name for name, value in values.items() if value != before[name]]
        for name in changed:
            setattr(row, name, values[name])
            self._keep(row, name, plain(before[name]), plain(values[name]), undoes)
        if isinstance(row, Patient) and _NAMES & set(changed):
            row.name_key = likeness.name_key(row.family_name, row.given_name)
            row.sound_key = likeness.sound_key(row.family_name, row.given_name)
        return bool(changed)

    def add(self, row: Row, *told: str) -> None:
        """Add a row; ``told`` are the fields by which the history speaks of it."""
        self.session.add(row)
        self.session.flush()
        self._keep(row, MADE, None, {name: plain(getattr(row, name)) for name in told}, None)

    def _keep(self, row: Row, field: str, before: Any, after: Any, undoes: int | None) -> None:
        if not self.touched:
            self.touched = True
            self.patient.version += 1
        change = Change(
            patient_id=self.patient.id,
            deed=self.id,
            version=self.patient.version,
            kind=KINDS[type(row)],
            row_id=row.id,
            field=field,
            before=before,
            after=after,
            why=self.why,
            undoes=undoes,
            by=self.by,
        )
        self.session.add(change)

    def note(self, verb: str, **details: Any) -> None:
        """Flush, and a line in the audit trail when anything changed."""
        self.session.flush()
        if self.touched:
            audit.note(self.session, by=self.by, verb=verb, kind="patient", subject=self.patient.id, **details)


def begin(session: Session, patient_id: int, *, by: int | None, why: str | None = None) -> Deed:
    """Begin a deed on the record that is open today; others wait until it is done. Raises NoSuchPatient."""
    found = locked(session, patient_id)
    return Deed(session, locked(session, found.merged_into) if found.merged_into else found, by=by, why=why)


def locked(session: Session, patient_id: int) -> Patient:
    """The record as it stands now, held until the transaction ends. Raises NoSuchPatient."""
    key = (current_tenant(), patient_id)
    found = session.get(Patient, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchPatient(patient_id)
    return found


def theirs(session: Session, kind: type[R], ids: Iterable[int], row_id: int) -> R:
    """A row of this person. Raises NoSuchEntry."""
    found = session.get(kind, (current_tenant(), row_id))
    if found is None or found.patient_id not in ids:
        raise NoSuchEntry(row_id)
    return found


def plain(value: Any) -> Any:
    """A value as it stands in the history: JSON, dates as ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime) else value
