"""Finding people, and which records are one person."""

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.people.errors import NoSuchPatient
from cloud.people.models import Patient


def record(session: Session, patient_id: int) -> Patient:
    """The record with this id, absorbed or not. Raises NoSuchPatient."""
    found = session.get(Patient, (current_tenant(), patient_id))
    if found is None:
        raise NoSuchPatient(patient_id)
    return found


def patient(session: Session, patient_id: int) -> Patient:
    """One patient of this chain; an absorbed record's id leads to the record that is open. Raises NoSuchPatient."""
    found = record(session, patient_id)
    return record(session, found.merged_into) if found.merged_into else found


def ids_of(session: Session, patient_id: int) -> tuple[int, ...]:
    """Ids under which this person's rows may lie: the open record's first, then absorbed ones. Raises NoSuchPatient."""
    survivor = patient(session, patient_id).id
    absorbed = select(Patient.id).where(Patient.merged_into == survivor).order_by(Patient.id)
    return (survivor, *session.scalars(absorbed))


def whose(session: Session, patient_id: int) -> Select[int]:
    """``ids_of`` as part of another question, so that asking costs no round of its own. Raises NoSuchPatient."""
    survivor = patient(session, patient_id).id
    return select(Patient.id).where(or_(Patient.id == survivor, Patient.merged_into == survivor))


def persons() -> Select[int, int, str]:
    """Every record's id, that of the record that is open for the same person, and its status, for a bigger question."""
    return select(Patient.id, func.coalesce(Patient.merged_into, Patient.id).label("person"), Patient.status)


def numbered(session: Session, record_number: str) -> Patient | None:
    """The patient with exactly this record number; an absorbed record's number leads to the record that is open."""
    found = session.scalars(select(Patient).where(Patient.record_number == record_number)).first()
    return record(session, found.merged_into) if found and found.merged_into else found


def named(session: Session, patient_ids: set[int]) -> dict[int, Patient]:
    """Patients by id."""
    if not patient_ids:
        return {}
    return {p.id: p for p in session.scalars(select(Patient).where(Patient.id.in_(patient_ids)))}
