"""A row in every table of the people room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.people import services as people
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    mother = people.register(session, family_name="Okafor", given_name="Ada", by=by.id)
    double = people.register(session, family_name="Okafor", given_name="Adda", apart_from=[mother.id], by=by.id)
    people.add_contact(session, patient, kind="mobile", value="+44 7700 900123", by=by.id)
    people.tie(session, patient, mother.id, "parent", by=by.id)
    people.found_household(session, patient, "Okafor", by=by.id)
    people.note_allergy(session, patient, substance="Latex", severity="mild", by=by.id)
    people.raise_alert(session, patient, kind="clinical", text="Narrow angle", by=by.id)
    people.tag(session, patient, "child", by=by.id)
    asked = {"purpose": "recalls", "channel": "sms", "state": "given", "text_version": "1", "method": "spoken"}
    people.answer(session, patient, **asked, given_by=mother.id, by=by.id)
    people.wish(session, patient, purpose="recalls", channels=["sms"], time_of_day="morning", by=by.id)
    people.merge(session, mother.id, double.id, take=(), reason="the same person", by=by.id)
