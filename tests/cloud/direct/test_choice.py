"""What is offered to whom, where nothing is free, and what one prefers."""

from datetime import timedelta

from sqlalchemy import select

from cloud.booking.models import Deposit, Entry, Part, Visit, Waiting
from cloud.direct import stamps
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Offered, Quota, Resource, Rule, Type
from tests.cloud.direct.steps_here import GRACE, count, rows, setting, to_confirm, to_times
from tests.cloud.direct.way_here import door


def test_types_are_for_some_ages(one, engine, practice):
    setting(engine, practice, Type, age_to=12)
    one.prove(door(practice), GRACE)
    one.send("who", person=f"p{practice.world.grace}")
    assert "Nothing can be booked online" in one.page


def test_a_hidden_type_is_shown_by_its_secret_link_alone(one, app, engine, practice):
    setting(engine, practice, Type, hidden=True)
    one.prove(door(practice), GRACE)
    one.send("who", person=f"p{practice.world.grace}")
    assert "Nothing can be booked online" in one.page
    secret = stamps.secret(str(app.secret_key), f"one-{practice.world.number} {practice.full}")
    one.client.delete_cookie("emmetra_book")
    one.read(f"{door(practice)}?with={secret}")
    one.send(contact=GRACE)
    one.send("code", code=one.code())
    one.send("who", person=f"p{practice.world.grace}")
    values = [f"type-p{practice.world.grace}-{kind}" in one.page for kind in (practice.check, practice.full)]
    assert values == [False, True]


def test_who_waits_is_on_the_list_and_in_the_queue(one, engine, practice):
    to_times(one, practice)
    one.read(f"{door(practice)}/wait")
    one.send("wait", until=(practice.on + timedelta(days=30)).isoformat(), part="morning", weekday="0")
    assert (one.step, "You are on the list" in one.page) == ("waiting", True)
    [waiting], [entry] = rows(engine, practice, Waiting), rows(engine, practice, Entry)
    assert (waiting.patient_id, waiting.days, waiting.starts, waiting.ends) == (practice.world.grace, [0], 0, 720)
    assert entry.kind == "waiting"
    one.read(f"{door(practice)}/wait")
    one.send("wait", until=(practice.on + timedelta(days=30)).isoformat())
    assert (one.status, count(engine, practice, Waiting)) == (422, 1)


def test_the_first_day_that_has_a_time_is_shown_however_far_it_is(one, engine, practice):
    setting(engine, practice, Type, lead=45 * 24 * 60)
    to_times(one, practice)
    on = (now() + timedelta(days=46)).date()
    assert one.page.count('class="btn time"') > 0
    assert f"{on:%B %Y}" in one.page or f"{on - timedelta(days=1):%B %Y}" in one.page


def test_where_nothing_is_free_another_store_of_the_chain_has_a_time(one, engine, practice):
    hill = practice.world.hill.id
    with unit_of_work(engine, practice.world.one) as session:
        doctor = Resource(store_id=hill, kind="person", name="Dr Hill", skills=["doctor", "lane"])
        lane = Resource(store_id=hill, kind="room", name="Lane", skills=["lane"])
        session.add_all([doctor, lane, Offered(type_id=practice.check, store_id=hill, channel="online")])
        session.flush()
        for id_ in (None, doctor.id, lane.id):
            session.add(Rule(store_id=hill, resource_id=id_, effect="open", days=list(range(7)), starts=600, ends=720))
        session.add(Quota(store_id=practice.store, per="day", most=0))
    to_times(one, practice)
    assert ("No time in this month" in one.page, "In our other stores" in one.page) == (True, True)
    one.press("elsewhere")
    assert (one.step, "/hill/" in one.at) == ("when", True)
    one.press("when")
    one.send("confirm")
    assert (one.step, [visit.store_id for visit in rows(engine, practice, Visit)]) == ("done", [hill])


def test_a_deposit_is_said_and_left_to_the_desk(one, engine, practice):
    setting(engine, practice, Type, deposit=2000, currency="EUR", policy={"en": "Free until the day before."})
    to_confirm(one, practice)
    assert ("€20.00, paid at the desk" in one.page, "Free until the day before." in one.page) == (True, True)
    one.send("confirm")
    [deposit] = rows(engine, practice, Deposit)
    assert (deposit.amount, deposit.currency, deposit.state) == (2000, "EUR", "due")


def test_times_of_whom_one_prefers_alone_are_shown_and_taken(one, engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        ben = session.get_one(Resource, (practice.world.one, practice.doctors[1]))
        ben.skills = [*ben.skills, "language:zh"]
    to_times(one, practice)
    one.send("when/wish", wish=f"person-{practice.doctors[1]}")
    one.press("when")
    one.send("confirm")
    with unit_of_work(engine, practice.world.one) as session:
        taken = set(session.scalars(select(Part.resource_id)))
    assert practice.doctors[1] in taken
    assert practice.doctors[0] not in taken
    one.client.delete_cookie("emmetra_book")
    to_times(one, practice)
    one.send("when/wish", wish="language-zh")
    assert 'value="language-zh" selected' in one.page
