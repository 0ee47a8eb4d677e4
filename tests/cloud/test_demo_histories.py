"""The demo's patients have a past that looks like one."""

import pytest
from sqlalchemy import select

from cloud.clinic import queries, recalls
from cloud.clinic.models import Encounter
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.prescriptions import queries as prescriptions
from cloud.prescriptions.choices import State
from deploy.demo import histories
from deploy.demo.seeding import PATIENTS

pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)


def test_every_visit_is_signed_on_its_day_and_the_newest_recall_waits(engine, world):
    with unit_of_work(engine, world.one) as session:
        patients = {
            number: people.register(
                session, record_number=number, family_name=family, given_name=given, birth_date=born
            ).id
            for number, family, given, born, _language in PATIENTS
        }
        histories.write(session, patients, store_id=world.pier.id, by=world.alice.id, name="Dr Alice Moreau")
        found = {}
        for number, story in histories.STORIES:
            patient = patients[number]
            visits = queries.visits(session, [patient], limit=20)
            days = sorted(f"{one.encounter.began_at:%Y-%m-%d}" for one in visits)
            found[number] = ({one.state for one in visits}, days == [told.day for told in story()])
            assert len([due for due in recalls.of_patient(session, [patient]) if not due.ended]) == 1
        last = session.scalars(select(Encounter).order_by(Encounter.id.desc())).first()
        [glasses] = prescriptions.of_patient(session, last.patient_id, now().date())

    assert found == {number: ({"signed"}, True) for number, _story in histories.STORIES}
    assert (glasses.state, glasses.row.encounter_id) == (State.IN_FORCE, last.id)
