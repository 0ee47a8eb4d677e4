"""Questions about patients."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.people.errors import NoSuchPatient
from cloud.people.models import Patient

PAGE = 50


def patient(session: Session, patient_id: int) -> Patient:
    """One patient of this chain. Raises NoSuchPatient."""
    found = session.get(Patient, (current_tenant(), patient_id))
    if found is None:
        raise NoSuchPatient(patient_id)
    return found


def search(session: Session, words: str, limit: int = PAGE) -> Sequence[Patient]:
    """Patients whose record number, name or telephone number holds every word; the newest when nothing is asked."""
    query = select(Patient)
    for word in words.split():
        places = (Patient.record_number, Patient.family_name + Patient.given_name, Patient.phone)
        query = query.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    order = (Patient.family_name, Patient.given_name, Patient.id) if words.split() else (Patient.id.desc(),)
    return session.scalars(query.order_by(*order).limit(limit)).all()


def numbered(session: Session, record_number: str) -> Patient | None:
    """The patient with exactly this record number."""
    return session.scalars(select(Patient).where(Patient.record_number == record_number)).first()


def count(session: Session) -> int:
    """How many patients the chain has."""
    return session.scalar(select(func.count()).select_from(Patient)) or 0


def named(session: Session, patient_ids: set[int]) -> dict[int, Patient]:
    """Patients by id."""
    if not patient_ids:
        return {}
    return {p.id: p for p in session.scalars(select(Patient).where(Patient.id.in_(patient_ids)))}
