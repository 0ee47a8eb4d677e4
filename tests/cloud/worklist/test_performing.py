"""What devices say of an examination moves the order they name, once, in whatever order it is heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from cloud.fleet.models import Happening
from cloud.ingest.writer import ACCEPTED
from cloud.kernel.database import unit_of_work
from cloud.people.models import Patient
from cloud.worklist import performing, queries, rules, services
from cloud.worklist.choices import Deed
from cloud.worklist.models import Step
from protocols.envelope import Malformed, encode
from protocols.envelope.steps import DISCONTINUED, PERFORMED, STARTED
from tests.cloud.ingest.conftest import desk  # noqa: F401 - a fixture
from tests.cloud.worklist.ordering_here import told, wanted

S, P, D = Deed.STARTED.value, Deed.PERFORMED.value, Deed.DISCONTINUED.value
STEPS = st.lists(st.tuples(st.sampled_from(["1.1", "1.2", "1.3"]), st.sampled_from([S, P, D])))


@pytest.fixture
def order(engine, world):
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Patient).where(Patient.id == world.grace).values(birth_date="1984-03-27"))
        return wanted(session, world.alice, world.grace)


def hear(engine, place, *events):
    with unit_of_work(engine, place.sender.tenant_id) as session:
        for event in events:
            performing.heard(session, place.sender.gateway_id, place.id, event)


def deeds(engine, world, order):
    with unit_of_work(engine, world.one) as session:
        return [one.deed for one in queries.history(session, order.id)]


def state(engine, world, order):
    with unit_of_work(engine, world.one) as session:
        return queries.order(session, order.id).state


def count(engine, chain):
    with unit_of_work(engine, chain) as session:
        return session.scalar(select(func.count()).select_from(Step))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], None),
        ([("1", S)], Deed.STARTED),
        ([("1", P)], Deed.PERFORMED),
        ([("1", D), ("1", S)], Deed.DISCONTINUED),
        ([("1", D), ("2", S)], Deed.STARTED),
        ([("1", D), ("2", P), ("2", S)], Deed.PERFORMED),
    ],
)
def test_what_steps_say_together(steps, expected):
    assert rules.standing(steps) is expected


@given(STEPS, st.randoms())
def test_neither_order_nor_repetition_changes_what_they_say(steps, rng):
    shuffled = [*steps, *steps[:2]]
    rng.shuffle(shuffled)
    assert rules.standing(shuffled) is rules.standing(steps)


def test_an_examination_begins_and_ends(engine, world, order):
    hear(engine, world.pier, told(STARTED, order))
    assert state(engine, world, order) == "started"
    hear(engine, world.pier, told(PERFORMED, order), told(PERFORMED, order), told(STARTED, order))
    assert deeds(engine, world, order) == ["ordered", "started", "performed"]
    assert count(engine, world.one) == 2


def test_the_end_is_heard_before_the_beginning(engine, world, order):
    hear(engine, world.pier, told(PERFORMED, order), told(STARTED, order))
    assert deeds(engine, world, order) == ["ordered", "performed"]


def test_what_was_broken_off_is_still_wanted_and_begins_again(engine, world, order):
    hear(engine, world.pier, told(DISCONTINUED, order, why="Patient blinked"), told(STARTED, order))
    with unit_of_work(engine, world.one) as session:
        assert queries.history(session, order.id)[-1].why == "Patient blinked"
        assert [one.id for one in queries.open_between(session, world.pier.id, order.wanted_on, order.wanted_on)]
    hear(engine, world.pier, told(STARTED, order, "1.2.826.0.2"))
    hear(engine, world.pier, told(PERFORMED, order, "1.2.826.0.2"))
    assert deeds(engine, world, order) == ["ordered", "discontinued", "started", "performed"]
    with unit_of_work(engine, world.one) as session:
        assert not queries.open_between(session, world.pier.id, order.wanted_on, order.wanted_on)


def test_a_result_has_the_last_word(engine, world, order):
    hear(engine, world.pier, told(STARTED, order))
    with unit_of_work(engine, world.one) as session:
        services.finish(session, order.id, by=world.alice.id)
    hear(engine, world.pier, told(PERFORMED, order))
    assert deeds(engine, world, order) == ["ordered", "started", "done"]


def test_what_was_ordered_again_waits_for_another_step(engine, world, order):
    hear(engine, world.pier, told(STARTED, order), told(PERFORMED, order))
    with unit_of_work(engine, world.one) as session:
        services.reopen(session, order.id, by=world.alice.id)
    hear(engine, world.pier, told(DISCONTINUED, order))
    assert state(engine, world, order) == "wanted"
    hear(engine, world.pier, told(STARTED, order, "1.2.826.0.2"))
    assert state(engine, world, order) == "started"


def test_one_step_may_answer_two_orders_by_either_number(engine, world, order):
    with unit_of_work(engine, world.one) as session:
        other = wanted(session, world.alice, world.grace)
    both = [{"accession": order.accession}, {"study_uid": other.study_uid}, {"accession": "404"}]
    hear(engine, world.pier, told(STARTED, None, orders=both, patient_id="R-1", birth_date="19840327"))
    assert (state(engine, world, order), state(engine, world, other)) == ("started", "started")


@pytest.mark.edge("EDGE-462", "A performed step of a stranger's numbers, store or patient changes no order.")
def test_a_strangers_identifiers_change_nothing(engine, world, order):
    with unit_of_work(engine, world.one) as session:
        other = wanted(session, world.alice, world.per)
    mixed = [{"accession": order.accession, "study_uid": other.study_uid}]
    hear(engine, world.hill, told(STARTED, order))
    hear(engine, world.mill, told(STARTED, order))
    hear(
        engine,
        world.pier,
        told(STARTED, None, orders=[{"accession": "9999", "study_uid": "1.2.3"}]),
        told(STARTED, None, orders=mixed),
        told(STARTED, order, patient_id="R-2"),
        told(STARTED, order, patient_id="R-404"),
        told(STARTED, order, birth_date="19840328"),
    )
    assert [deeds(engine, world, one) for one in (order, other)] == [["ordered"], ["ordered"]]
    assert (count(engine, world.one), count(engine, world.two)) == (0, 0)


@pytest.mark.parametrize("more", [{"uid": "x"}, {"orders": []}, {"orders": [{}] * 21}, {"patient_id": 7}])
def test_what_is_no_step_is_refused(engine, world, order, more):
    with pytest.raises(Malformed):
        hear(engine, world.pier, told(STARTED, order, **more))
    assert count(engine, world.one) == 0


def test_over_the_broker_it_is_the_orders_history_and_no_gateways(desk, engine, world, order):  # noqa: F811
    for payload in (encode(told(STARTED, order)), encode(told(STARTED, order)), b'{"v": 1, "id": "x", "code": 1}'):
        assert desk.say(world.pier.address.up("e"), payload) == ACCEPTED
    assert deeds(engine, world, order) == ["ordered", "started"]
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Happening).where(Happening.code == STARTED)) == 0


def test_the_page_says_how_far_it_is_and_why(sign_in, engine, world, order):
    alice = sign_in(world.alice)
    hear(engine, world.pier, told(DISCONTINUED, order, why="<b>blinked</b>"))
    assert "Discontinued" in alice.get("/worklist").text
    page = alice.get(f"/worklist/{order.id}").text
    with unit_of_work(engine, world.one) as session:
        assert str(queries.said_at(queries.history(session, order.id)[-1])) == "2026-11-22 09:00:00+00:00"
    assert "&lt;b&gt;blinked&lt;/b&gt;" in page
    hear(engine, world.pier, told(PERFORMED, order, "1.2.826.0.2"))
    assert "Performed" in alice.get(f"/patients/{world.grace}/orders").text
