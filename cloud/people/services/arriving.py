"""Many people at once, from a file: added, brought up to date, and taken back as long as nothing hangs on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.people import phones
from cloud.people.choices import LabelKind
from cloud.people.models import Contact, Label, Patient, Tagging
from cloud.people.services.contacting import shown_telephone
from cloud.people.services.deeds import Deed, begin, locked
from cloud.people.services.registering import take_numbers
from cloud.people.services.warning import label

Held = TypeVar("Held", Contact, Tagging)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of somebody: fields of the record, (kind, value) of contact points, tags by name."""

    person: Mapping[str, Any]
    contacts: Sequence[tuple[str, str]] = ()
    tags: Sequence[str] = ()

    def fields(self) -> dict[str, Any]:
        """Fields of the record that are known, a birth date as a day."""
        known = {name: value for name, value in self.person.items() if value not in (None, "")}
        if "birth_date" in known:
            known["birth_date"] = date.fromisoformat(known["birth_date"])
        return known


def take_in(session: Session, arrivals: Sequence[Arrival], *, by: int | None, source: str) -> list[int]:
    """Add people, in their order; who brings no record number gets the chain's next.

    ``source`` stands in the audit trail. Raises IntegrityError when a number was taken meanwhile.
    """
    free = _free_numbers(session, sum(not one.person.get("record_number") for one in arrivals))
    people = []
    for arrival in arrivals:
        told = {"record_number": "", **arrival.fields()}
        told["record_number"] = told["record_number"] or free.pop()
        people.append(Patient(phone=_first_telephone(arrival), **told))
    session.add_all(people)
    session.flush()
    labels = _labels(session, {tag for one in arrivals for tag in one.tags})
    for patient, arrival in zip(people, arrivals, strict=True):
        session.add_all(_contacts(patient.id, arrival.contacts))
        session.add_all(Tagging(patient_id=patient.id, label_id=labels[tag]) for tag in arrival.tags)
        audit.note(session, by=by, verb="registered", kind="patient", subject=patient.id, source=source)
    session.flush()
    return [patient.id for patient in people]


def _free_numbers(session: Session, many: int) -> list[str]:
    """Numbers of ours that nobody brought along, the last first."""
    free = list[str]()
    while len(free) < many:
        fresh = take_numbers(session, many - len(free))
        brought = set(session.scalars(select(Patient.record_number).where(Patient.record_number.in_(fresh))))
        free += [one for one in fresh if one not in brought]
    return free[::-1]


def _first_telephone(arrival: Arrival) -> str | None:
    return next((value[:40] for kind, value in arrival.contacts if kind in phones.TELEPHONES), None)


def _contacts(patient_id: int, told: Sequence[tuple[str, str]]) -> list[Contact]:
    """Contact points, the first of each kind preferred."""
    seen, made = set[str](), list[Contact]()
    for kind, value in told:
        alike = "telephone" if kind in phones.TELEPHONES else kind
        tail = phones.tail(value) if kind in phones.TELEPHONES else ""
        contact = Contact(patient_id=patient_id, kind=kind, value=value, preferred=alike not in seen, tail=tail)
        contact.normalized = phones.normalized(kind, value)
        made.append(contact)
        seen.add(alike)
    return made


def _labels(session: Session, tags: set[str]) -> dict[str, int]:
    known = select(Label.name, Label.id).where(Label.kind == LabelKind.TAG, Label.name.in_(tags))
    found = {row.name: row.id for row in session.execute(known)} if tags else {}
    return found | {tag: label(session, LabelKind.TAG, tag) for tag in sorted(tags - set(found))}


def bring_up_to_date(
    session: Session, patient_id: int, arrival: Arrival, *, by: int | None, why: str
) -> dict[str, Any]:
    """Take over what the arrival knows and the record has otherwise; nothing is emptied.

    Gives back what ``put_back`` needs: the fields before and after, and ids of contact points and tags that were
    added. Raises NoSuchPatient.
    """
    deed = begin(session, patient_id, by=by, why=why)
    told = {name: value for name, value in arrival.fields().items() if name != "record_number"}
    before = {name: getattr(deed.patient, name) for name in told}
    deed.set(deed.patient, **told)
    added = _add_contacts(deed, arrival), _add_tags(deed, arrival)
    if deed.set(deed.patient, phone=shown_telephone(session, deed.patient)):
        session.flush()
    deed.note("imported", fields=sorted(told))
    changed = {name for name in told if before[name] != told[name]}
    return {
        "patient": deed.patient.id,
        "before": {name: _plain(before[name]) for name in changed},
        "after": {name: _plain(told[name]) for name in changed},
        "contacts": added[0],
        "tags": added[1],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _add_contacts(deed: Deed, arrival: Arrival) -> list[int]:
    held = select(Contact.normalized).where(Contact.patient_id == deed.patient.id, Contact.ended_at.is_(None))
    there, added = set(deed.session.scalars(held)), list[int]()
    for contact in _contacts(deed.patient.id, arrival.contacts):
        if contact.normalized not in there:
            contact.preferred = not there and contact.preferred
            deed.add(contact, "kind", "value", "label", "preferred")
            added.append(contact.id)
    return added


def _add_tags(deed: Deed, arrival: Arrival) -> list[int]:
    held = select(Tagging.label_id).where(Tagging.patient_id == deed.patient.id, Tagging.ended_at.is_(None))
    there, added = set(deed.session.scalars(held)), list[int]()
    for _name, label_id in sorted(_labels(deed.session, set(arrival.tags)).items()):
        if label_id not in there:
            tagging = Tagging(patient_id=deed.patient.id, label_id=label_id)
            deed.add(tagging, "label_id")
            added.append(tagging.id)
    return added


def put_back(session: Session, told: Mapping[str, Any], *, by: int | None, why: str) -> bool:
    """Undo ``bring_up_to_date``; False, and nothing done, where one of the fields was changed since."""
    deed = begin(session, told["patient"], by=by, why=why)
    if any(_plain(getattr(deed.patient, name)) != value for name, value in told["after"].items()):
        return False
    before = dict(told["before"])
    if before.get("birth_date"):
        before["birth_date"] = date.fromisoformat(before["birth_date"])
    deed.set(deed.patient, **before)
    held: list[Contact | Tagging] = [*_held(session, Contact, told["contacts"])]
    held += _held(session, Tagging, told["tags"])
    for row in held:
        deed.set(row, ended_at=now())
    session.flush()
    deed.set(deed.patient, phone=shown_telephone(session, deed.patient))
    deed.note("import undone", fields=sorted(before))
    return True


def _held(session: Session, kind: type[Held], ids: Sequence[int]) -> Sequence[Held]:
    return session.scalars(select(kind).where(kind.id.in_(ids), kind.ended_at.is_(None))).all() if ids else ()


def take_back(session: Session, patient_id: int, *, by: int | None, source: str) -> str:
    """Remove somebody an import has just added; says why not: ``edited``, or the table of what hangs on them.

    The database lets nobody else be removed, and nobody on whom anything hangs.
    """
    patient = locked(session, patient_id)
    if patient.version > 1 or patient.merged_into:
        return "edited"
    try:
        with session.begin_nested():
            _remove(session, patient_id)
    except IntegrityError as hanging:
        diagnosis = getattr(hanging.orig, "diag", None)
        return str(getattr(diagnosis, "table_name", None) or "other")
    session.expunge(patient)
    audit.note(session, by=by, verb="taken back", kind="patient", subject=patient_id, source=source)
    return ""


def _remove(session: Session, patient_id: int) -> None:
    """The row itself last; its words go with it."""
    ours = current_tenant()
    for kind in (Contact, Tagging):
        whose = kind.tenant_id == ours, kind.patient_id == patient_id
        session.execute(delete(kind).where(*whose).execution_options(synchronize_session=False))
    whom = Patient.tenant_id == ours, Patient.id == patient_id
    removed = session.execute(delete(Patient).where(*whom).execution_options(synchronize_session=False))
    if removed.rowcount != 1:  # type: ignore[attr-defined]
        raise LookupError("the database keeps whom no import has added")
