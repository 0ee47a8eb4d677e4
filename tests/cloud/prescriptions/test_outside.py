"""Another practice's prescription counts once it was typed twice alike, or seen by a second person."""

import pytest
from sqlalchemy import select

from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.prescriptions.models import Prescription
from tests.cloud.prescriptions.written_here import GLASSES

PAPER = {**GLASSES, "prescriber_name": "Dr Elsewhere", "practice": "Far Optics", "written_on": "2026-03-01"}


@pytest.fixture
def first(world, sign_in):
    key = uuid7()
    data = {**PAPER, "origin": "outside", "kind": "spectacle", "go": "second"}
    answer = sign_in(world.alice).post(f"/patients/{world.grace}/prescriptions/drafts/{key}", data=data)
    assert answer.location == f"/prescriptions/drafts/{key}/second"
    return answer.location


def filed(engine, world):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(Prescription)).all()


def test_typed_twice_alike_it_is_filed(engine, world, sign_in, first):
    again = {**PAPER, "right_cylinder": "-1.5", "right_axis": "010"}
    assert sign_in(world.alice).post(first, data=again).status_code == 303
    [row] = filed(engine, world)

    assert (row.origin, row.prescriber_name, row.practice) == ("outside", "Dr Elsewhere", "Far Optics")
    assert (row.signed_by, row.second_id) == (world.alice.id, None)


@pytest.mark.parametrize(
    ("name", "value"), [("right_sphere", "+2.25"), ("right_axis", "100"), ("left_va", ""), ("practice", "Near Optics")]
)
def test_a_difference_is_said_and_nothing_is_filed(engine, world, sign_in, first, name, value):
    answer = sign_in(world.alice).post(first, data={**PAPER, name: value})
    assert answer.status_code == 422
    assert "The two do not agree." in answer.get_data(as_text=True)
    assert filed(engine, world) == []


def test_the_first_entry_is_not_shown_to_whoever_types_it_again(world, sign_in, first):
    assert "-2.25" not in sign_in(world.alice).get(first).get_data(as_text=True)
    assert "-2.25" in sign_in(world.bob).get(first).get_data(as_text=True)


def test_a_second_person_may_agree_instead(engine, world, sign_in, first):
    assert sign_in(world.bob).post(first, data={}).status_code == 303
    [row] = filed(engine, world)
    assert (row.signed_by, row.second_id) == (world.alice.id, world.bob.id)
    assert sign_in(world.bob).post(first, data={}).status_code == 409


def test_nobody_signs_a_copy_as_their_own(engine, world, sign_in, first):
    key = first.split("/")[3]
    answer = sign_in(world.alice).post(f"/patients/{world.grace}/prescriptions/drafts/{key}/issue", data=PAPER)
    assert answer.status_code == 422
    assert filed(engine, world) == []


@pytest.mark.parametrize("who", ["rosa", "dora", "charlie"])
def test_whoever_may_not_prescribe_files_nothing(engine, world, sign_in, first, who):
    assert sign_in(getattr(world, who)).post(first, data=PAPER).status_code == (404 if who == "charlie" else 403)
    assert filed(engine, world) == []
