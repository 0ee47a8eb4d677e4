"""A row in every table of the prescriptions room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.prescriptions import proving, services, tokens
from cloud.prescriptions.choices import Handed, Kind, ReleaseForm, State
from tests.cloud.people_here import Place, Someone
from tests.cloud.prescriptions.written_here import sign


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    row = sign(session, place, by, patient)
    for kind in (Kind.CONTACT, Kind.DRUG):
        sign(session, place, by, patient, kind)
    proving.keep(session, row, tokens.fresh(), b"%PDF", paper="a5", language="en", by=by.id)
    how = {"handed": Handed.HANDED, "form": ReleaseForm.SIGNED_COPY}
    services.release(session, row.id, received_by="the patient", by=by.id, **how)
    services.end(session, row.id, State.CANCELLED, reason="other", why="changed her mind", by=by.id)
