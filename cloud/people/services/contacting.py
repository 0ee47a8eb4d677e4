"""Contact points: another value is another row, the old one ends and stays."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.people import phones, queries
from cloud.people.models import Contact, Patient
from cloud.people.services.deeds import Deed, begin, theirs

TOLD = ("kind", "value", "label", "preferred")


def add_contact(
    session: Session,
    patient_id: int,
    *,
    kind: str,
    value: str,
    by: int | None,
    label: str | None = None,
    preferred: bool = False,
) -> Contact:
    """Add a contact point; ``label`` says whose it is in the owner's words. Raises NoSuchPatient."""
    deed = begin(session, patient_id, by=by)
    tail = phones.tail(value) if kind in phones.TELEPHONES else ""
    contact = Contact(patient_id=deed.patient.id, kind=kind, value=value, label=label or None, preferred=False)
    contact.normalized, contact.tail = phones.normalized(kind, value), tail
    deed.add(contact, *TOLD)
    if preferred:
        _prefer(deed, contact)
    if kind in phones.TELEPHONES:
        _show(deed)
    deed.note("contact added", contact=contact.id)
    return contact


def prefer_contact(session: Session, patient_id: int, contact_id: int, *, by: int | None) -> None:
    """Make it the first to use of its kind. Raises NoSuchPatient, NoSuchEntry."""
    _on(session, patient_id, contact_id, by, "contact preferred", _prefer)


def verify_contact(session: Session, patient_id: int, contact_id: int, *, by: int | None) -> None:
    """Somebody answered there. Raises NoSuchPatient, NoSuchEntry."""
    _on(session, patient_id, contact_id, by, "contact verified", lambda deed, row: deed.set(row, verified_at=now()))


def end_contact(session: Session, patient_id: int, contact_id: int, *, by: int | None) -> None:
    """It is not theirs any more. Raises NoSuchPatient, NoSuchEntry."""
    _on(session, patient_id, contact_id, by, "contact ended", _end)


def _on(
    session: Session,
    patient_id: int,
    contact_id: int,
    by: int | None,
    verb: str,
    act: Callable[[Deed, Contact], object],
) -> None:
    deed = begin(session, patient_id, by=by)
    contact = theirs(session, Contact, queries.ids_of(session, patient_id), contact_id)
    if contact.ended_at is None:
        act(deed, contact)
    if contact.kind in phones.TELEPHONES:
        _show(deed)
    deed.note(verb, contact=contact_id)


def _end(deed: Deed, contact: Contact) -> None:
    deed.set(contact, ended_at=now(), preferred=False)


def _prefer(deed: Deed, contact: Contact) -> None:
    for other in queries.contacts(deed.session, deed.patient.id):
        if _alike(other.kind) == _alike(contact.kind):
            deed.set(other, preferred=other is contact)


def _alike(kind: str) -> str:
    return "telephone" if kind in phones.TELEPHONES else kind


def _show(deed: Deed) -> None:
    """The telephone that lists show is the preferred one, else the first."""
    deed.session.flush()
    deed.set(deed.patient, phone=shown_telephone(deed.session, deed.patient))


def shown_telephone(session: Session, patient: Patient) -> str | None:
    """The telephone lists show, at most 40 characters."""
    ours = [one for one in queries.contacts(session, patient.id) if one.kind in phones.TELEPHONES]
    first = next((one for one in ours if one.preferred), ours[0] if ours else None)
    return first.value[:40] if first else None
