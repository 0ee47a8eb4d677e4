"""Whom a change touches is shown first; what becomes of them is done one visit after the other."""

from threading import Thread

import pytest
from sqlalchemy import select, text

from cloud.booking import services, standing
from cloud.booking.choices import State, Taken
from cloud.booking.errors import Gone
from cloud.booking.models import Change, Entry, Part, Visit
from cloud.booking.once import settled
from cloud.kernel.database import unit_of_work
from cloud.planning import hours, queries, resources, stopping, types
from cloud.planning.affected import Intended, affected, fingerprint
from cloud.planning.choices import CouldNot, Fate
from cloud.planning.stopping import Care, Stop, Unseen
from cloud.schedule.models import Block, Resource, Rule, Type
from tests.cloud.booking.practice_here import all_know_dr_ada, found
from tests.cloud.test_views import rows


@pytest.fixture
def practice(engine, world, monkeypatch):
    return all_know_dr_ada(monkeypatch, found(engine, world, patients=6))


def book(engine, practice, patient, hour, minute=0, **told):
    def deed(session):
        whose = practice.patients[patient]
        return services.book(session, practice.ask(**told), practice.at(hour, minute), whose, channel="desk").id

    return settled(engine, practice.world.one, deed)


def touched(engine, practice, deed, store_id=0):
    with unit_of_work(engine, practice.world.one) as session:
        change = Intended(practice.store if store_id == 0 else store_id, deed)
        return [one.id for one in affected(session, change)]


def stop(practice, whose=None, first=9, last=12, **told):
    return Stop(practice.store, whose, practice.at(first), practice.at(last), "ill", **told)


def stopped(engine, practice, taken, care):
    """As the page does it: looked at, made, and everybody in it looked after."""
    world, change = practice.world, taken.change(practice.world.olivia.id)
    seen = fingerprint(stopping.touched(engine, world.one, change))
    visits = stopping.make(engine, world.one, change, seen)
    return stopping.look_after(engine, world.one, [one.id for one in visits], care, by=world.olivia.id)


def served(engine, practice, visit):
    with unit_of_work(engine, practice.world.one) as session:
        return set(standing.served_by(session, [visit])[visit])


def test_looking_whom_a_change_touches_changes_nothing(engine, practice):
    visit = book(engine, practice, 0, 9)
    book(engine, practice, 1, 11, 20)
    before = rows(engine, practice.world.one)
    by = practice.world.olivia.id
    assert touched(engine, practice, stop(practice, last=11).deed(by)) == [visit]
    assert rows(engine, practice.world.one) == before


def test_every_sort_of_change_says_whom_it_touches(engine, practice):
    one, by = book(engine, practice, 0, 9), practice.world.olivia.id
    two = book(engine, practice, 1, 9, 40)
    store, ada, lane = practice.store, practice.doctors[0], practice.lanes[0]
    with unit_of_work(engine, practice.world.one) as session:
        today = hours.today(session, store)
        rule = queries.rules(session, store, ada)[0].id
    on, everyday = practice.on, tuple(range(7))
    late = [(everyday, (570, 720))]

    def skill(session):
        resources.change(
            session, queries.of_store(session, Resource, store, lane), {"name": "L", "skills": ["x"]}, by=by
        )

    def slow(session):
        resources.change(session, queries.of_store(session, Resource, store, ada), {"name": "A", "between": 30}, by=by)

    found_ = {
        "a later week": touched(engine, practice, lambda it: hours.change_week(it, store, ada, late, on, by=by)),
        "from the day after": touched(
            engine, practice, lambda it: hours.change_week(it, store, ada, late, on + hours.DAY, by=by)
        ),
        "a closed day": touched(
            engine, practice, lambda it: hours.set_day(it, store, None, on, [], None, by=by, first=today)
        ),
        "a closed chain": touched(
            engine, practice, lambda it: hours.set_day(it, None, None, on, [], None, by=by, first=today), None
        ),
        "a rule that ends": touched(
            engine, practice, lambda it: hours.end(it, it.get_one(Rule, (practice.world.one, rule)), today, by=by)
        ),
        "another room": touched(
            engine,
            practice,
            lambda it: hours.block(it, store, practice.lanes[1], (practice.at(9), practice.at(12)), "x", by=by),
        ),
        "a skill that is gone": touched(engine, practice, skill),
        "a longer turn-over": touched(engine, practice, slow),
        "a day with more": touched(
            engine, practice, lambda it: hours.set_day(it, store, ada, on, [(480, 800)], None, by=by, first=today)
        ),
    }
    assert found_ == {
        **{"a later week": [one], "from the day after": [], "a closed day": [one, two], "a closed chain": [one, two]},
        **{"a rule that ends": [one, two], "another room": [], "a skill that is gone": [one, two]},
        **{"a longer turn-over": [one, two], "a day with more": []},
    }


def test_a_window_for_others_touches_those_it_keeps_out(engine, practice):
    visit, by = book(engine, practice, 0, 9), practice.world.olivia.id
    between = (practice.at(9), practice.at(10))
    with unit_of_work(engine, practice.world.one) as session:
        day = practice.on.weekday()
        today = hours.today(session, practice.store)

    def only(kind):
        window = hours.Weekly(hours.Effect.ONLY, (day,), (540, 600), today, types=(kind,))
        return lambda it: hours.begin(it, practice.store, None, window, by=by)

    assert touched(engine, practice, only(practice.full)) == [visit]
    assert touched(engine, practice, only(practice.check)) == []
    block = lambda kind: lambda it: hours.block(it, practice.store, None, between, "x", by=by, types=[kind])  # noqa: E731
    assert touched(engine, practice, block(practice.full)) == [visit]
    assert touched(engine, practice, block(practice.check)) == []


def test_what_is_cancelled_over_or_of_another_store_is_not_touched(engine, practice):
    world, visit = practice.world, book(engine, practice, 0, 9)
    with unit_of_work(engine, world.one) as session:
        services.turn(session, session.get_one(Visit, (world.one, visit)), State.CANCELLED, by=None, through="patient")
    assert touched(engine, practice, stop(practice).deed(world.olivia.id)) == []
    assert touched(engine, practice, lambda it: None, world.hill.id) == []


def test_a_change_is_made_when_exactly_these_visits_were_seen(engine, practice):
    world, visit = practice.world, book(engine, practice, 0, 9)
    change = Intended(practice.store, stop(practice).deed(world.olivia.id))
    before = rows(engine, world.one)
    with pytest.raises(Unseen) as shown:
        stopping.make(engine, world.one, change)
    assert [one.id for one in shown.value.visits] == [visit]
    assert rows(engine, world.one) == before
    seen = fingerprint(shown.value.visits)
    other = book(engine, practice, 1, 9, 20)
    with pytest.raises(Unseen) as shown:
        stopping.make(engine, world.one, change, seen)
    assert [one.id for one in shown.value.visits] == [visit, other]
    made = stopping.make(engine, world.one, change, fingerprint(shown.value.visits))
    assert [one.id for one in made] == [visit, other]
    with unit_of_work(engine, world.one) as session:
        assert len(session.scalars(select(Block)).all()) == 1
        assert {one.state for one in standing.visits(session, [visit, other])} == {State.BOOKED}


def test_whoever_books_while_a_change_is_looked_at_waits_and_sees_it(engine, practice):
    world, answers = practice.world, []

    def want():
        try:
            answers.append(book(engine, practice, 0, 9))
        except Gone:
            answers.append("gone")

    with unit_of_work(engine, world.one) as session:
        change = Intended(practice.store, stop(practice).deed(world.olivia.id))
        assert affected(session, change) == []
        waiting = Thread(target=want)
        waiting.start()
        waiting.join(0.3)
        assert answers == []
        change.deed(session)
    waiting.join()
    assert answers == ["gone"]


def test_somebody_else_serves_those_who_can_be_served_and_the_rest_is_told(engine, practice):
    world, (ada, ben) = practice.world, practice.doctors
    first, second = book(engine, practice, 0, 9), book(engine, practice, 1, 9)
    third = book(engine, practice, 2, 9, 20)
    assert [served(engine, practice, one) & {ada, ben} for one in (first, second, third)] == [{ada}, {ben}, {ada}]
    care = Care(Fate.SUBSTITUTE, "Dr Ada is ill")
    results = stopped(engine, practice, stop(practice, ada), care)
    told = {one.visit_id: (one.done, one.could_not) for one in results}
    assert told == {first: (None, CouldNot.NOBODY), third: (Fate.SUBSTITUTE, None)}
    assert [served(engine, practice, one) & {ada, ben} for one in (first, second, third)] == [{ada}, {ben}, {ben}]
    assert stopping.left(results) == [first]
    with unit_of_work(engine, world.one) as session:
        deed = session.scalars(select(Change).where(Change.deed == "substituted")).one()
        assert (deed.visit_id, deed.by, deed.why, deed.before) == (
            third,
            world.olivia.id,
            "Dr Ada is ill",
            {"resources": [ada]},
        )
        parts = session.scalars(select(Part).where(Part.visit_id == third, Part.resource_id == ada)).all()
        assert [one.taken for one in parts] == [Taken.OVER]
        assert session.get_one(Visit, (world.one, third)).shown_at == practice.at(9, 20)
        told = session.execute(text("SELECT words ->> 'who' FROM messages_letter WHERE template = 'visit_person'"))
        assert told.scalars().all() == ["Dr Ben"]


def test_a_substitute_is_who_was_named_or_nobody(engine, practice):
    world, ada, by = practice.world, practice.doctors[0], practice.world.olivia.id
    visit = book(engine, practice, 0, 9)
    stopping.make(
        engine,
        world.one,
        Intended(practice.store, stop(practice, ada).deed(by)),
        fingerprint_of(engine, practice, visit),
    )
    for wrong in (practice.technician, practice.lanes[1], ada, 10**9):
        [refused] = stopping.look_after(engine, world.one, [visit], Care(Fate.SUBSTITUTE, "ill", wrong), by=by)
        assert refused.could_not == CouldNot.NOBODY
    [done] = stopping.look_after(engine, world.one, [visit], Care(Fate.SUBSTITUTE, "ill", practice.doctors[1]), by=by)
    assert done.done == Fate.SUBSTITUTE


def fingerprint_of(engine, practice, *ids):
    with unit_of_work(engine, practice.world.one) as session:
        return fingerprint(standing.visits(session, ids))


def test_other_times_are_offered_by_the_desk_and_the_visit_stays(engine, practice):
    world, visit = practice.world, book(engine, practice, 0, 9)
    care = Care(Fate.REBOOK, "painting")
    [result] = stopped(engine, practice, stop(practice), care)
    assert (result.visit_id, result.done) == (visit, Fate.REBOOK)
    with unit_of_work(engine, world.one) as session:
        entry = session.scalars(select(Entry).where(Entry.kind == "tell")).one()
        assert (entry.visit_id, entry.patient_id, entry.store_id) == (visit, practice.patients[0], practice.store)
        assert session.get_one(Visit, (world.one, visit)).state == State.BOOKED
        told = session.execute(text("SELECT template, patient_id FROM messages_letter ORDER BY id DESC LIMIT 1")).one()
    assert tuple(told) == ("visit_rebook", practice.patients[0])


def test_cancelling_all_of_a_day_leaves_those_who_are_there(engine, practice):
    world = practice.world
    first, second = book(engine, practice, 0, 9), book(engine, practice, 1, 9, 20)
    with unit_of_work(engine, world.one) as session:
        visit = session.get_one(Visit, (world.one, second))
        services.turn(session, visit, State.ARRIVED, by=world.alice.id, through="staff")
    results = stopped(engine, practice, stop(practice), Care(Fate.CANCEL, "flood"))
    assert {one.visit_id: one.could_not for one in results} == {first: None, second: CouldNot.OVER}
    with unit_of_work(engine, world.one) as session:
        told = {one.id: one.state for one in standing.visits(session, [first, second])}
        why = session.scalars(select(Change.why).where(Change.visit_id == first, Change.deed == "cancelled")).one()
    assert (told, why) == ({first: State.CANCELLED, second: State.ARRIVED}, "flood")


def test_keeping_them_only_makes_the_change(engine, practice):
    world, visit = practice.world, book(engine, practice, 0, 9)
    [result] = stopped(engine, practice, stop(practice), Care(Fate.KEEP, ""))
    assert (result.done, result.could_not) == (Fate.KEEP, None)
    with unit_of_work(engine, world.one) as session:
        assert session.get_one(Visit, (world.one, visit)).state == State.BOOKED
        assert len(session.scalars(select(Block)).all()) == 1


def test_another_chain_is_neither_touched_nor_seen(engine, practice):
    world, visit = practice.world, book(engine, practice, 0, 9)
    with unit_of_work(engine, world.two) as session:
        assert standing.gaps(session, practice.store, practice.at(0)) == {}
        assert standing.visits(session, [visit]) == []
    results = stopping.look_after(engine, world.two, [visit], Care(Fate.CANCEL, "x"), by=world.charlie.id)
    assert [one.could_not for one in results] == [CouldNot.OVER]
    with unit_of_work(engine, world.one) as session:
        assert session.get_one(Visit, (world.one, visit)).state == State.BOOKED


def test_one_who_is_named_for_a_whole_visit_does_all_of_it(engine, practice):
    world, by = practice.world, practice.world.olivia.id
    ada, ben = practice.doctors
    with unit_of_work(engine, world.one) as session:
        one = session.get_one(Type, (world.one, practice.full))
        both = [
            types.Stretch({}, 10, (0, 0), (("doctor", 1, "doctor"),)),
            types.Stretch({}, 20, (10, 10), (("doctor", 1, "doctor"), ("lane", 1, None))),
        ]
        types.change(session, one, {}, both, by=by)
    visit = book(engine, practice, 0, 9, type_id=practice.full)
    assert ada in served(engine, practice, visit)
    stopped(engine, practice, stop(practice, ada, 9, 10), Care(Fate.SUBSTITUTE, "ill"))
    assert served(engine, practice, visit) & {ada, ben} == {ben}
