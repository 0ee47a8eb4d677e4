"""Every change to patients."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.people.errors import RecordNumberTaken
from cloud.people.models import Patient


def register(
    session: Session,
    *,
    record_number: str,
    family_name: str,
    given_name: str = "",
    birth_date: date | None = None,
    phone: str | None = None,
    language: str | None = None,
    home_store_id: int | None = None,
    by: int | None = None,
) -> Patient:
    """Add a patient. Raises RecordNumberTaken."""
    patient = Patient(
        record_number=record_number,
        family_name=family_name,
        given_name=given_name,
        birth_date=birth_date,
        phone=phone or None,
        language=language or None,
        home_store_id=home_store_id,
    )
    try:
        with session.begin_nested():
            session.add(patient)
    except IntegrityError:
        raise RecordNumberTaken(record_number) from None
    audit.note(session, by=by, verb="registered", kind="patient", subject=patient.id)
    return patient
