"""What the demo's instruments measured reads well on every page that shows it."""

import pytest

from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.readings import queries
from cloud.web.maps.field import spacing
from deploy.demo import examined
from deploy.demo.seeding import PATIENTS
from protocols import readings
from protocols.readings import FieldPoint

once = pytest.mark.parametrize("server", ["embedded"], indirect=True)


@pytest.fixture
def brought(engine, world):
    """Everything brought to Grace's chain; ids of patients by record number."""
    with unit_of_work(engine, world.one) as session:
        patients = {
            number: people.register(
                session, record_number=number, family_name=family, given_name=given, birth_date=born
            ).id
            for number, family, given, born, _language in PATIENTS
        }
        ids = examined.bring(session, world.pier.sender, patients, by=world.alice.id)
        found = {number: queries.of_patient(session, patient, limit=60) for number, patient in patients.items()}
    return ids, found


@once
def test_everything_is_filed_by_its_record_number_and_what_is_old_is_accepted(brought, app, world):
    ids, found = brought
    shown = {number: some for number, some in found.items() if some}
    assert sorted(shown) == ["H-1001", "H-1004", "H-1005", "H-1006"]
    assert sum(len(some) for some in shown.values()) == len(ids) == 22
    kinds = {readings.kind(one.reading) for some in shown.values() for one in some}
    assert kinds == {"visual_field", "oct", "biomechanics", "biometry", "topography", "vital_signs"}
    assert {one.state for some in shown.values() for one in some} == {"accepted", "proposed"}


@once
def test_nothing_of_it_is_doubted_but_what_the_cuff_doubts_itself(brought):
    _ids, found = brought
    assert {doubt.code for some in found.values() for one in some for doubt in one.doubts} == {"doubted_by_device"}


def test_a_field_has_the_places_of_its_pattern():
    points = [FieldPoint(**{name: one[name] for name in ("x", "y")}) for one in examined._points(3)]
    assert (len(points), len({(one.x, one.y) for one in points})) == (54, 54)
    assert spacing([FieldPoint(x=int(one.x), y=int(one.y)) for one in points]) == 6
