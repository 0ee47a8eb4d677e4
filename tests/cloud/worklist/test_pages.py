"""Ordering, the list of a day, what gateways know, and the tray's two sides, as people see them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cloud.kernel.database import unit_of_work
from cloud.readings import intake
from cloud.worklist import queries, services, telling
from cloud.worklist.choices import Deed
from cloud.worklist.models import Change, Order
from tests.cloud.readings.parcels_here import Outbox
from tests.cloud.worklist.ordering_here import today, wanted


@pytest.fixture
def alice(sign_in, world):
    return sign_in(world.alice)


@pytest.fixture
def order(engine, world):
    with unit_of_work(engine, world.one) as session:
        return wanted(session, world.alice, world.grace)


def counted(engine, world):
    with unit_of_work(engine, world.one) as session:
        return session.scalar(select(func.count()).select_from(Order)), session.scalar(
            select(func.count()).select_from(Change)
        )


def asked(**more):
    said = {"examination": "biometry", "laterality": "usual", "wanted_on": today().isoformat(), "wanted_time": "09:30"}
    return said | {"station": "Lane 1", "remark": "dilated"} | more


def test_an_examination_is_ordered_and_stands_on_the_list_of_the_day(alice, engine, world):
    answer = alice.post(f"/patients/{world.grace}/orders", data=asked())
    assert answer.status_code == 303
    page = alice.get("/worklist").text
    for words in ("Grace", "Optical biometry", "09:30", "Lane 1", "dilated", "OAM"):
        assert words in page
    with unit_of_work(engine, world.one) as session:
        one = session.scalars(select(Order)).one()
    assert (one.laterality, one.store_id, one.ordered_by) == ("both", world.pier.id, world.alice.id)
    assert one.accession in alice.get(f"/patients/{world.grace}/orders").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"examination": ""}, "Choose what is to be examined."),
        ({"laterality": "third"}, "Choose one from the list."),
        ({"wanted_on": "soon"}, "Enter the date as year-month-day"),
        ({"wanted_on": "2020-01-01"}, "Choose today or a later day"),
        ({"wanted_time": "half past"}, "Enter the time as hours and minutes"),
        ({"station": "x" * 61}, "At most 60 characters."),
        ({"remark": "a\\b"}, "Leave out backslashes"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_orders_nothing(alice, engine, world, wrong, says):
    answer = alice.post(f"/patients/{world.grace}/orders", data=asked(**wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert counted(engine, world) == (0, 0)


def test_the_day_can_be_narrowed_and_another_day_is_another_list(alice, engine, world):
    with unit_of_work(engine, world.one) as session:
        wanted(session, world.alice, world.grace, station="Lane 1")
        wanted(session, world.alice, world.per, examination="visual_field")
        wanted(session, world.alice, world.per, wanted_on=today() + timedelta(days=1), examination="biometry")
    whole = alice.get("/worklist").text
    assert "OCT macula" in whole
    assert "Visual field" in whole
    assert "Optical biometry" not in whole
    assert "OCT macula" not in alice.get("/worklist?modality=OPV").text
    assert "Visual field" not in alice.get("/worklist?station=Lane+1").text
    assert "Nothing fits" in alice.get("/worklist?state=done").text
    assert "Optical biometry" in alice.get(f"/worklist?day={today() + timedelta(days=1)}").text
    assert alice.get("/worklist?day=tomorrow").status_code == 200


def test_an_order_is_cancelled_and_that_is_undone(alice, engine, world, order):
    assert alice.post(f"/worklist/{order.id}/cancel").status_code == 303
    assert "Cancelled" in alice.get("/worklist").text
    assert "Somebody was quicker" in alice.post(f"/worklist/{order.id}/cancel", follow_redirects=True).text
    alice.post(f"/worklist/{order.id}/reopen", data={"back": "patient"})
    with unit_of_work(engine, world.one) as session:
        assert [one.deed for one in queries.history(session, order.id)] == ["ordered", "cancelled", "reopened"]
    assert alice.post(f"/worklist/{order.id}/explode").status_code == 404


def test_an_order_is_changed_while_it_is_wanted(alice, engine, world, order):
    assert alice.post(f"/worklist/{order.id}", data=asked()).status_code == 303
    page = alice.get(f"/worklist/{order.id}").text
    assert "Optical biometry" in page
    assert "before:" in page
    with unit_of_work(engine, world.one) as session:
        services.advance(session, order.id, Deed.STARTED)
    before = counted(engine, world)
    assert "has begun or ended" in alice.post(f"/worklist/{order.id}", data=asked(), follow_redirects=True).text
    assert counted(engine, world) == before


def test_another_chain_and_who_may_nothing_change_nothing(sign_in, engine, world, order):
    before = counted(engine, world)
    charlie, dora = sign_in(world.charlie), sign_in(world.dora)
    assert charlie.post(f"/worklist/{order.id}/cancel").status_code == 404
    assert charlie.post(f"/worklist/{order.id}", data=asked()).status_code == 404
    assert charlie.post(f"/patients/{world.grace}/orders", data=asked()).status_code == 404
    assert dora.post(f"/worklist/{order.id}/cancel").status_code in (303, 403)
    assert dora.get("/worklist").status_code in (303, 403)
    assert "Grace" not in charlie.get("/worklist").text
    assert counted(engine, world) == before
    with unit_of_work(engine, world.one) as session:
        assert queries.order(session, order.id).state == "wanted"


def test_a_list_is_of_its_own_store(sign_in, world, order):
    assert "Grace" not in sign_in(world.bob).get("/worklist").text


def test_what_a_gateway_knows_and_whether_it_is_old(alice, engine, world, order):
    gateway = world.pier.sender.gateway_id
    assert "nothing was told yet" in alice.get("/worklist").text
    with unit_of_work(engine, world.one) as session:
        telling.told(session, gateway, telling.plan(session, gateway))
    page = alice.get("/worklist").text
    assert "told 1 examination" in page
    assert "not yet confirmed" in page
    assert "May be out of date" in page
    with unit_of_work(engine, world.one) as session:
        services.heard(session, gateway, 1)
    assert "kept since" in alice.get("/worklist").text


def test_the_tray_shows_what_the_instrument_says_beside_whom_the_order_means(alice, engine, world, order):
    outbox = Outbox(world.pier)
    ref = {"accession": order.accession, "study_uid": order.study_uid}
    contradicting = outbox.reading("R-2", order=ref, patient_ref={"id": "R-2", "birth_date": "1950-01-02"})
    unknown = outbox.reading(order={"accession": "424242"})
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(contradicting, unknown)])
    page = alice.get("/tray").text
    for words in ("R-2", "1950-01-02", "Belongs to Grace Okafor", "R-1", "424242", "Order not known"):
        assert words in page
    assert "Belongs to Grace Okafor" in alice.get(f"/readings/{contradicting.id}").text
    alice.post(f"/readings/{contradicting.id}/file?patient_id={world.grace}")
    assert "order the instrument named" in alice.get(f"/readings/{contradicting.id}").text
    with unit_of_work(engine, world.one) as session:
        assert queries.order(session, order.id).state == "done"


def test_nobody_is_expected_says_what_to_do(alice):
    assert "Nobody is expected" in alice.get("/worklist").text
