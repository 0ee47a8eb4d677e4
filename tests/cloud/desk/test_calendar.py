"""The calendar of a day and of a week as people see it, and what it asks the database."""

import pytest
from sqlalchemy import select, update

from cloud.booking.models import Request
from cloud.people.models import Patient
from cloud.schedule.choices import Effect
from cloud.schedule.models import Block, Dated, Resource, Rule, Type
from tests.cloud.desk.desk_here import HOSTILE, ask, asked, at, booked, work


def test_a_day_shows_whoever_serves_with_their_visits_and_what_is_closed_and_why(engine, practice, alice):
    booked(engine, practice, practice.world.grace, 9)
    booked(engine, practice, practice.patients[0], 9, 40, type_id=practice.full)
    with work(engine, practice.world) as session:
        times = {"starts_at": practice.at(11), "ends_at": practice.at(11, 30)}
        by = practice.world.alice.id
        session.add(Block(store_id=practice.store, resource_id=practice.doctors[1], **times, why="Training", by=by))
    page = alice.get(f"/calendar?day={practice.on}").text
    for words in ("Dr Ada", "Dr Ben", "Tess", "Grace Okafor", "part 1 of 2", "part 2 of 2", "blocked: Training"):
        assert words in page
    assert "Europe/Lisbon" in page
    assert "ARK" in alice.get(f"/calendar?day={practice.on}&by=device").text
    week = alice.get(f"/calendar?day={practice.on}&view=week&of={practice.doctors[1]}").text
    assert "Training" in week
    assert "Grace Okafor" not in week
    paper = alice.get(f"/calendar/paper?day={practice.on}").text
    assert "09:00–09:20" in paper
    assert "Nobody is booked." in paper


def test_a_holiday_says_so_and_a_store_without_a_schedule_says_what_would_fill_it(engine, practice, alice, sign_in):
    with work(engine, practice.world) as session:
        session.add(Dated(store_id=practice.store, on_date=practice.on, windows=[], why="Carnival"))
    assert "other hours on this day (Carnival)" in alice.get(f"/calendar?day={practice.on}").text
    assert "Nothing to show yet" in sign_in(practice.world.bob).get("/calendar").text


@pytest.mark.parametrize(
    ("on", "says"), [("2026-10-25", "put back"), ("2027-03-28", "put forward"), ("2026-12-01", "")]
)
def test_days_on_which_the_clock_changes_say_so(engine, practice, alice, on, says):
    with work(engine, practice.world) as session:
        session.execute(update(Rule).values(until=None))
        session.add(
            Rule(
                store_id=practice.store,
                resource_id=practice.doctors[0],
                effect=Effect.OPEN,
                days=list(range(7)),
                starts=0,
                ends=300,
            )
        )
    page = alice.get(f"/calendar?day={on}").text
    assert ("The clock is" in page, says in page) == (bool(says), True)
    assert page.count("01:00 <small>") == (2 if says == "put back" else 0)
    assert ("01:15, Dr Ada" in page) is (says != "put forward")


def test_reception_may_move_visits_and_an_engineer_sees_no_calendar(engine, practice, rosa, sign_in):
    booked(engine, practice, practice.world.grace, 9)
    assert "data-pick" in rosa.get(f"/calendar?day={practice.on}").text
    assert sign_in(practice.world.omar).get("/calendar").status_code == 403
    assert sign_in(practice.world.dora).get("/calendar").status_code in (303, 403)


def test_a_page_asks_no_more_for_three_visits_than_for_one(engine, practice, alice):
    booked(engine, practice, practice.patients[0], 9)
    addresses = (
        f"/calendar?day={practice.on}",
        f"/calendar?day={practice.on}&view=week",
        f"/calendar/paper?day={practice.on}",
        f"/booking/new?type={practice.check}&day={practice.on}",
        "/calendar/search?q=Family",
        "/queue",
    )
    ask(engine, practice, practice.world.grace)
    before = [asked(alice, one) for one in addresses]
    assert min(before) > 5
    booked(engine, practice, practice.patients[1], 9, 20)
    booked(engine, practice, practice.patients[2], 9, 40, type_id=practice.full)
    for patient in practice.patients[1:3]:
        ask(engine, practice, patient)
    assert [asked(alice, one) for one in addresses] == before


def test_hostile_words_stay_words(engine, practice, alice):
    with work(engine, practice.world) as session:
        session.execute(update(Patient).where(Patient.id == practice.world.grace).values(family_name=HOSTILE))
        session.execute(update(Resource).where(Resource.id == practice.doctors[0]).values(name=HOSTILE))
        session.execute(update(Type).values(names={"en": HOSTILE}))
        times = {"starts_at": practice.at(10), "ends_at": practice.at(10, 30), "by": practice.world.alice.id}
        session.add(Block(store_id=practice.store, resource_id=practice.doctors[0], **times, why=HOSTILE))
    visit = booked(engine, practice, practice.world.grace, 9, reason=HOSTILE, note=HOSTILE)
    ask(engine, practice, practice.world.grace, reason=HOSTILE, answers=((HOSTILE, HOSTILE),))
    with work(engine, practice.world) as session:
        wish = session.scalars(select(Request.id)).one()
    addresses = (
        f"/calendar?day={practice.on}",
        f"/calendar?day={practice.on}&view=week",
        f"/calendar/paper?day={practice.on}",
        f"/visits/{visit}",
        f"/booking/new?type={practice.check}&day={practice.on}&q={HOSTILE}",
        "/queue",
        f"/queue/requests/{wish}",
        f"/visits/{visit}/try?at={at(practice, 10)}&resource={practice.doctors[0]}&back={HOSTILE}",
    )
    for one in addresses:
        page = alice.get(one).text
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
