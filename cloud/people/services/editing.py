"""Changing fields of a person, without overwriting what somebody else saved meanwhile."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.people.errors import Stale
from cloud.people.models import Change, Patient
from cloud.people.services.deeds import begin


def edit(
    session: Session, patient_id: int, values: Mapping[str, Any], *, opened: int, by: int | None, why: str | None = None
) -> Patient:
    """Save these fields of the record as a form that was opened at version ``opened`` has them.

    Raises:
        NoSuchPatient: nobody of this chain.
        Stale: somebody saved one of these fields since, or the record was merged away; nothing is changed.
    """
    deed = begin(session, patient_id, by=by, why=why)
    if deed.patient.id != patient_id:
        raise Stale()
    _refuse_stale(session, deed.patient, values, opened)
    deed.set(deed.patient, **values)
    deed.note("edited", fields=sorted(values))
    return deed.patient


def _refuse_stale(session: Session, patient: Patient, values: Mapping[str, Any], opened: int) -> None:
    since = select(Change).where(Change.patient_id == patient.id, Change.kind == "person", Change.version > opened)
    saved = session.scalars(since.where(Change.field.in_(values)).order_by(Change.id)).all()
    theirs = {change.field: getattr(patient, change.field) for change in saved}
    if any(theirs[name] != values[name] for name in theirs):
        raise Stale(theirs, saved[-1].by)
