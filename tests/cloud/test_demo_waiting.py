"""The demo's store has stations with doors, and somebody to call."""

import pytest
from sqlalchemy import select

from cloud.accounts.models import Store
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.queue import queries
from deploy.demo import waiting
from deploy.demo.seeding import PATIENTS

pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)


def test_people_wait_at_three_stations_and_a_doctor_has_three_rooms(engine, world):
    with unit_of_work(engine, world.one) as session:
        stores = list(session.scalars(select(Store.id).order_by(Store.id)))
        patients = {
            number: people.register(session, record_number=number, family_name=family, birth_date=born).id
            for number, family, _given, born, _language in PATIENTS
        }
        waiting.open_doors(session, stores, by=world.olivia.id)
        waiting.people(session, stores[0], patients, by=world.olivia.id)
        sorts = {one.id: one.sort for one in queries.stations(session, stores[0])}
        doctor = next(number for number, sort in sorts.items() if sort == "doctor")
        assert {one.number for one in queries.desks(session, [doctor])} == {None, 1, 2, 3}
        assert [len(queries.stations(session, one)) for one in stores] == [6] * len(stores)
        open_ = queries.open_steps(session, list(sorts))
        assert {sorts[one.step.station_id] for one in open_} <= {"doctor", "check_up", "reception"}
        assert len(open_) == len(waiting.HERE)
        assert {kind.code for kind in queries.kinds(session, stores[0]) if kind.kiosk} == {
            *("general", "fitting", "collection"),
        }
