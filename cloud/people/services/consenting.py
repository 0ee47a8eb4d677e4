"""Answers and wishes; both are only ever added, the newest holds."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.people import queries
from cloud.people.models import Consent, Preference


def answer(
    session: Session,
    patient_id: int,
    *,
    purpose: str,
    channel: str,
    state: str,
    text_version: str,
    method: str,
    by: int | None,
    given_by: int | None = None,
) -> Consent:
    """Keep an answer about one purpose over one channel. Raises NoSuchPatient."""
    patient = queries.patient(session, patient_id)
    guardian = queries.patient(session, given_by).id if given_by else None
    said = {"purpose": purpose, "channel": channel, "state": state, "text_version": text_version, "method": method}
    consent = Consent(patient_id=patient.id, given_by=guardian, taken_by=by, **said)
    session.add(consent)
    audit.note(session, by=by, verb="consent", kind="patient", subject=patient.id, **said)
    session.flush()
    return consent


def wish(
    session: Session, patient_id: int, *, purpose: str, channels: Sequence[str], time_of_day: str, by: int | None
) -> Preference:
    """Keep how somebody wishes to be reached for a purpose, channels in the order to try. Raises NoSuchPatient."""
    patient = queries.patient(session, patient_id)
    told = {"purpose": purpose, "channels": list(channels), "time_of_day": time_of_day}
    preference = Preference(patient_id=patient.id, taken_by=by, **told)
    session.add(preference)
    audit.note(session, by=by, verb="preference", kind="patient", subject=patient.id, **told)
    session.flush()
    return preference
