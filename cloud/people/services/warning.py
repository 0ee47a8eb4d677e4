"""Allergies in three states, alerts with those who may see them, tags."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries
from cloud.people.choices import AllergyState, AllergyStatus, LabelKind
from cloud.people.models import Alert, Allergy, Label, Tagging
from cloud.people.services.deeds import begin, theirs


def note_allergy(
    session: Session, patient_id: int, *, substance: str, severity: str, by: int | None, reaction: str | None = None
) -> Allergy:
    """Put a substance on the list. Raises NoSuchPatient."""
    deed = begin(session, patient_id, by=by)
    allergy = Allergy(patient_id=deed.patient.id, substance=substance, severity=severity, noted_by=by)
    allergy.reaction, allergy.status = reaction or None, AllergyStatus.ACTIVE
    deed.add(allergy, "substance", "reaction", "severity")
    deed.set(deed.patient, allergy_state=AllergyState.LISTED)
    deed.note("allergy noted", allergy=allergy.id)
    return allergy


def settle_allergy(session: Session, patient_id: int, allergy_id: int, status: str, *, by: int | None) -> None:
    """Resolved or entered in error; a list that empties says "not asked" again. Raises NoSuchPatient, NoSuchEntry."""
    deed = begin(session, patient_id, by=by)
    ids = queries.ids_of(session, patient_id)
    deed.set(theirs(session, Allergy, ids, allergy_id), status=AllergyStatus(status))
    session.flush()
    left = queries.allergies(session, patient_id)
    deed.set(deed.patient, allergy_state=AllergyState.LISTED if left else AllergyState.NOT_ASKED)
    deed.note("allergy settled", allergy=allergy_id, status=status)


def no_allergies(session: Session, patient_id: int, *, by: int | None) -> bool:
    """Asked, and none is known; refused while one stands on the list. Raises NoSuchPatient."""
    deed = begin(session, patient_id, by=by)
    if queries.allergies(session, patient_id):
        return False
    deed.set(deed.patient, allergy_state=AllergyState.NONE_KNOWN)
    deed.note("no allergies")
    return True


def raise_alert(
    session: Session, patient_id: int, *, kind: str, text: str, by: int | None, seen_by: Sequence[str] = ()
) -> Alert:
    """Warn whoever opens the record and may see this kind. Raises NoSuchPatient."""
    deed = begin(session, patient_id, by=by)
    alert = Alert(patient_id=deed.patient.id, kind=kind, text=text, seen_by=list(seen_by), raised_by=by)
    deed.add(alert, "kind", "text", "seen_by")
    deed.note("alert raised", alert=alert.id, about=kind)
    return alert


def end_alert(session: Session, patient_id: int, alert_id: int, *, by: int | None, why: str | None = None) -> None:
    """It does not hold any more. Raises NoSuchPatient, NoSuchEntry."""
    deed = begin(session, patient_id, by=by, why=why)
    alert = theirs(session, Alert, queries.ids_of(session, patient_id), alert_id)
    if alert.ended_at is None:
        deed.set(alert, ended_at=now())
    deed.note("alert ended", alert=alert_id)


def label(session: Session, kind: LabelKind, name: str) -> int:
    """The id of a word of the chain, which becomes one by being used."""
    fresh = insert(Label).values(tenant_id=current_tenant(), kind=kind, name=name)
    session.execute(fresh.on_conflict_do_nothing())
    return session.scalars(select(Label.id).where(Label.kind == kind, Label.name == name)).one()


def tag(session: Session, patient_id: int, name: str, *, by: int | None) -> None:
    """Put a tag on somebody who does not carry it yet. Raises NoSuchPatient."""
    deed = begin(session, patient_id, by=by)
    label_id = label(session, LabelKind.TAG, name)
    if label_id not in {tagging.label_id for tagging, _ in queries.tags(session, patient_id)}:
        deed.add(Tagging(patient_id=deed.patient.id, label_id=label_id), "label_id")
    deed.note("tagged", label=label_id)


def untag(session: Session, patient_id: int, tagging_id: int, *, by: int | None) -> None:
    """Take a tag off. Raises NoSuchPatient, NoSuchEntry."""
    deed = begin(session, patient_id, by=by)
    tagging = theirs(session, Tagging, queries.ids_of(session, patient_id), tagging_id)
    if tagging.ended_at is None:
        deed.set(tagging, ended_at=now())
    deed.note("untagged", label=tagging.label_id)
