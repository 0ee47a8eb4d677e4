"""Adding a person, with a record number of ours when they bring none."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.tenancy import current_tenant
from cloud.people import numbers, phones
from cloud.people.choices import ContactKind
from cloud.people.errors import RecordNumberTaken
from cloud.people.models import Contact, Numbering, Patient
from cloud.people.services.merging import part


def register(
    session: Session,
    *,
    family_name: str,
    record_number: str = "",
    phone: str | None = None,
    apart_from: Iterable[int] = (),
    by: int | None = None,
    **person: Any,
) -> Patient:
    """Add a patient; ``person`` holds further fields of the record.

    ``apart_from`` are records somebody looked at and found to be other people. An empty ``record_number`` gets the
    chain's next one. Raises RecordNumberTaken.
    """
    said = {name: value for name, value in person.items() if value not in (None, "")}
    patient = Patient(family_name=family_name, phone=phone or None, **said)
    _number(session, patient, record_number)
    if phone:
        session.add(_telephone(patient, phone))
    for other in apart_from:
        part(session, patient.id, other, by=by)
    audit.note(session, by=by, verb="registered", kind="patient", subject=patient.id)
    return patient


def take_numbers(session: Session, many: int) -> list[str]:
    """The chain's next record numbers; no other transaction gets them, and numbers of an undone one are not reused."""
    start = insert(Numbering).values(tenant_id=current_tenant(), last=numbers.FIRST + many - 1)
    more = {"last": Numbering.last + many}
    taken = start.on_conflict_do_update(index_elements=["tenant_id"], set_=more).returning(Numbering.last)
    last = int(session.execute(taken).scalar_one())
    return [numbers.numbered(serial) for serial in range(last - many + 1, last + 1)]


def _number(session: Session, patient: Patient, given: str) -> None:
    """Store the patient under the given number, or under the next of ours that nobody brought along."""
    while True:
        patient.record_number = given or take_numbers(session, 1)[0]
        try:
            with session.begin_nested():
                session.add(patient)
        except IntegrityError:
            if given:
                raise RecordNumberTaken(given) from None
        else:
            return


def _telephone(patient: Patient, phone: str) -> Contact:
    kind = ContactKind.PHONE
    told = {"value": phone, "normalized": phones.normalized(kind, phone), "tail": phones.tail(phone)}
    return Contact(patient_id=patient.id, kind=kind, preferred=True, **told)
