"""Notice, horizon, age and quotas: what takes starts away, and under whose name."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from cloud.booking import asking, holding, services
from cloud.booking.choices import By, State, Taken
from cloud.booking.errors import Gone, NotOffered
from cloud.booking.models import Part, Visit
from cloud.booking.substituting import substitute
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.schedule.choices import Channel, Per, Who
from cloud.schedule.models import Offered, Quota, Type
from cloud.slots.layers import Kind
from tests.cloud.booking.practice_here import found
from tests.load.race import race


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=12)


def setting(engine, practice, **told):
    with unit_of_work(engine, practice.world.one) as session:
        kind = session.get_one(Type, (practice.world.one, practice.check))
        for name, value in told.items():
            setattr(kind, name, value)


def quota(engine, practice, most, per=Per.DAY, **told):
    with unit_of_work(engine, practice.world.one) as session:
        session.add(one := Quota(store_id=practice.store, per=per, most=most, **told))
        session.flush()
        return one.id


def seen(engine, practice, on=None, **told):
    """How many times there are, and the sorts of reasons for those that are not."""
    on = on or practice.on
    with unit_of_work(engine, practice.world.one) as session:
        view = asking.view(session, practice.ask(**told), on, on)
        why = {(one.kind, one.rule) for reasons in asking.missing(view, on).values() for one in reasons}
        return len(asking.times(view, on)), why


def book(engine, practice, patient, hour=9, minute=0, **told):
    with unit_of_work(engine, practice.world.one) as session:
        whose = practice.patients[patient]
        return services.book(session, practice.ask(**told), practice.at(hour, minute), whose, channel="desk").id


def test_online_wants_notice_and_looks_so_far_ahead_the_desk_does_neither(engine, practice):
    days = (practice.on - now().date()).days
    setting(engine, practice, lead=(days + 2) * 24 * 60)
    assert seen(engine, practice, channel=Channel.ONLINE)[0] == 0
    assert seen(engine, practice)[0] == 9
    setting(engine, practice, lead=0, horizon=days - 2)
    count, why = seen(engine, practice, channel=Channel.ONLINE)
    assert (count, (Kind.TOO_FAR, None) in why) == (0, True)
    setting(engine, practice, horizon=days + 2)
    assert seen(engine, practice, channel=Channel.ONLINE)[0] == 9


@pytest.mark.parametrize(
    ("who", "answers", "had"),
    [
        (Who.NEW, {"new": "book", "existing": "no"}, True),
        (Who.NEW, {"new": "request", "existing": "book"}, False),
        (Who.EXISTING, {"new": "no", "existing": "book"}, True),
        (Who.EXISTING, {"new": "book", "existing": "no"}, False),
    ],
)
def test_a_type_is_had_as_it_is_offered_to_new_and_to_existing_patients(engine, practice, who, answers, had):
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Offered).where(Offered.channel == Channel.ONLINE).values(**answers))
    with unit_of_work(engine, practice.world.one) as session:
        ask = practice.ask(channel=Channel.ONLINE, who=who)
        assert (asking.view(session, ask, practice.on, practice.on) is not None) is had
        if not had:
            with pytest.raises(NotOffered):
                holding.hold(session, ask, practice.at(9), "me")


def test_a_type_that_is_given_up_is_had_nowhere(engine, practice):
    setting(engine, practice, active=False)
    with pytest.raises(NotOffered):
        book(engine, practice, 0)


def test_nobody_books_yesterday(engine, practice):
    count, why = seen(engine, practice, on=now().date() - timedelta(days=2))
    assert (count, (Kind.TOO_SOON, None) in why) == (0, True)


@pytest.mark.parametrize(("years", "times"), [(5, 0), (6, 9), (17, 9), (18, 0)])
def test_ages_count_on_the_day_of_the_visit(engine, practice, years, times):
    setting(engine, practice, age_from=6, age_to=17)
    born = date(practice.on.year - years, practice.on.month, practice.on.day)
    count, why = seen(engine, practice, born=born)
    assert (count, (Kind.NOT_ALLOWED, None) in why) == (times, times == 0)
    assert seen(engine, practice)[0] == 9


def test_a_day_that_is_full_says_by_which_quota_and_a_cancelled_visit_makes_room(engine, practice):
    rule = quota(engine, practice, 1, type_id=practice.check)
    visit = book(engine, practice, 0)
    assert seen(engine, practice) == (0, seen(engine, practice)[1])
    assert (Kind.LIMIT, rule) in seen(engine, practice)[1]
    assert seen(engine, practice, on=practice.on + timedelta(days=1))[0] == 9
    with unit_of_work(engine, practice.world.one) as session:
        services.turn(
            session, session.get_one(Visit, (practice.world.one, visit)), State.CANCELLED, by=None, through=By.PATIENT
        )
    assert seen(engine, practice)[0] == 9


def test_a_week_counts_from_monday_and_new_patients_by_themselves(engine, practice):
    quota(engine, practice, 1, Per.WEEK, who=Who.NEW)
    book(engine, practice, 0, who=Who.NEW)
    monday = practice.on - timedelta(days=practice.on.weekday())
    told = [seen(engine, practice, on=monday + timedelta(days=n), who=Who.NEW)[0] for n in range(-1, 8)]
    assert told == [9, 0, 0, 0, 0, 0, 0, 0, 9]
    assert seen(engine, practice)[0] == 9


def test_a_doctor_who_has_enough_leaves_the_others(engine, practice):
    quota(engine, practice, 1, resource_id=practice.doctors[0])
    quota(engine, practice, 1, resource_id=practice.doctors[1])
    book(engine, practice, 0)
    assert seen(engine, practice)[0] == 9
    book(engine, practice, 1)
    assert seen(engine, practice)[0] == 0


def test_whoever_gave_a_visit_to_somebody_else_has_had_none(engine, practice):
    quota(engine, practice, 1, resource_id=practice.doctors[0])
    visit = book(engine, practice, 0)
    with unit_of_work(engine, practice.world.one) as session:
        told = {"by": practice.world.bob.id, "why": "away", "instead": practice.doctors[1], "away": practice.doctors[0]}
        assert substitute(session, visit, **told) == {practice.doctors[0]: practice.doctors[1]}
    book(engine, practice, 1)
    with unit_of_work(engine, practice.world.one) as session:
        mine = select(Part.resource_id).where(Part.taken == Taken.BOOKED, Part.resource_id.in_(practice.doctors))
        assert sorted(session.scalars(mine)) == practice.doctors


def test_a_hold_counts_too(engine, practice):
    quota(engine, practice, 1)
    with unit_of_work(engine, practice.world.one) as session:
        holding.hold(session, practice.ask(), practice.at(9), "me")
    assert seen(engine, practice)[0] == 0


def test_nobody_slips_past_a_quota_of_several_types_by_coming_together(engine, practice):
    quota(engine, practice, 3)

    def want(number):
        try:
            told = {"type_id": (practice.check, practice.full)[number % 2]}
            book(engine, practice, number, 9, 20 * (number % 3), **told)
        except Gone:
            return "gone"
        return "booked"

    assert race(12, want).answers == {"booked": 3, "gone": 9}
