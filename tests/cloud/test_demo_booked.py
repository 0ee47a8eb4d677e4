"""The demo's practice can be booked in, every type of it, and has visits in its next two weeks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cloud.accounts.models import Store
from cloud.booking import asking, standing
from cloud.booking.asking import Ask
from cloud.kernel.clock import local, now
from cloud.kernel.database import unit_of_work
from cloud.kernel.tenancy import current_tenant
from cloud.people import services as people
from cloud.planning import lacking, queries
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Answer, Channel, Who
from deploy.demo import booked
from deploy.demo.seeding import PATIENTS

pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)


def practised(session, first, other, by, staff):
    """Stores as the demo founds them (one chain's, the other store may be none), and how many visits were booked."""
    place = session.get_one(Store, (current_tenant(), first))
    kinds = booked.chain(session, "PT", booked.PIER.types, by=by)
    booked.store(session, place, booked.PIER, kinds, staff, by=by)
    if other:
        booked.store(session, session.get_one(Store, (current_tenant(), other)), booked.TOWER, kinds, staff, by=by)
    patients = [
        (people.register(session, record_number=number, family_name=family, birth_date=born).id, born)
        for number, family, _given, born, _language in PATIENTS
    ]
    return kinds, booked.visits(session, place, kinds, patients, by=by)


def of_one(session, world):
    staff = {"alice@harbour.example": world.alice.id}
    return practised(session, world.pier.id, world.hill.id, world.olivia.id, staff)


def test_every_type_can_be_had_and_two_weeks_are_not_empty(engine, world):
    with unit_of_work(engine, world.one) as session:
        kinds, count = of_one(session, world)
        today = local(now(), "Europe/Lisbon").date()
        assert lacking.of(session, world.pier.id, today) == []
        assert lacking.of(session, world.hill.id, today) == []
        for kind in kinds.values():
            ask = Ask(world.pier.id, kind, Who.EXISTING, Channel.DESK, None)
            seen = asking.view(session, ask, today, today + timedelta(days=14))
            assert any(asking.times(seen, today + timedelta(days=number)) for number in range(1, 15))
        assert count >= 12
        assert standing.gaps(session, world.pier.id, now()) == {}
        assert [one.name for one in queries.resources(session, world.pier.id) if one.staff_id] == ["Dr Alice Moreau"]


def test_the_smaller_store_books_those_it_knows_and_asks_the_others(engine, world):
    with unit_of_work(engine, world.one) as session:
        kinds, _count = of_one(session, world)
        answers = {
            who: schedule.answer(session, world.hill.id, kinds["examination"], Channel.ONLINE, who)
            for who in (Who.NEW, Who.EXISTING)
        }
        hidden = [one.code for one in queries.types(session) if one.hidden and one.red_flags]
    assert answers == {Who.NEW: Answer.REQUEST, Who.EXISTING: Answer.BOOK}
    assert hidden == ["urgent"]


def test_the_same_day_founds_the_same_visits(engine, world):
    told = []
    for chain, place, by in ((world.one, world.pier, world.olivia), (world.two, world.mill, world.charlie)):
        with unit_of_work(engine, chain) as session:
            kinds, _count = practised(session, place.id, None, by.id, {})
            codes = {number: code for code, number in kinds.items()}
            visits = session.scalars(select(standing.Booked).order_by(standing.Booked.id)).all()
            later = now() + timedelta(days=1)  # of today fewer times are left with every minute
            told.append([(codes[one.type_id], one.shown_at) for one in visits if one.shown_at > later])
    assert told[0] == told[1]


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize("country", ["PT", "CN"])
def test_the_next_holiday_lies_ahead(on, country, server):
    assert on < booked._feast(country, on) <= on + timedelta(days=366)
