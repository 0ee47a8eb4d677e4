"""What this room brings to a patient's timeline: prescriptions, by when they were signed."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.clinic.timeline import Asked, Happening, Source
from cloud.prescriptions.choices import Kind
from cloud.prescriptions.models import Prescription


def signed(session: Session, asked: Asked) -> Iterator[Happening]:
    """Prescriptions, newest first."""
    query = select(Prescription).where(Prescription.patient_id.in_(asked.patient_ids))
    query = query.where(asked.earlier("prescriptions", Prescription.issued_at, Prescription.id))
    query = query.order_by(Prescription.issued_at.desc(), Prescription.id.desc()).limit(asked.limit)
    for one in session.scalars(query):
        yield Happening(
            one.issued_at,
            "prescriptions",
            str(one.id),
            _called(Kind(one.kind)),
            href=url_for("prescriptions.prescription", prescription_id=one.id),
            by=one.signed_by,
        )


def _called(kind: Kind) -> str:
    words = {
        Kind.SPECTACLE: _("Spectacle prescription"),
        Kind.CONTACT: _("Contact-lens prescription"),
        Kind.DRUG: _("Drug prescription"),
    }
    return str(words[kind])


OURS = (Source("prescriptions", lambda: str(_("Prescriptions")), May.SEE_RECORD, signed),)
