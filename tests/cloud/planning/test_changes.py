"""Changing the schedule: the past stays, what was is kept, a refusal changes nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cloud.booking import asking
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.planning import hours, queries, resources, terms, types
from cloud.planning.errors import NameTaken, NothingToUndo, ThePast
from cloud.planning.hours import DAY, Weekly
from cloud.planning.models import Change
from cloud.planning.types import Stretch
from cloud.schedule.choices import Effect
from cloud.schedule.models import Block, Dated, Quota, Resource, Rule, Type
from tests.cloud.booking.practice_here import found
from tests.cloud.test_views import rows


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


@pytest.fixture
def today(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return hours.today(session, practice.store)


def of(session, practice, kind, number):
    return queries.of_store(session, kind, practice.store, number)


def open_rules(session, practice, whose):
    return [
        (one.days, one.starts, one.ends, one.since, one.until) for one in queries.rules(session, practice.store, whose)
    ]


def slots(engine, practice, on):
    with unit_of_work(engine, practice.world.one) as session:
        seen = asking.view(session, practice.ask(), on, on)
        return asking.times(seen, on)


def test_another_week_from_a_day_on_leaves_the_days_before_it_alone(engine, practice, today):
    world, ada = practice.world, practice.doctors[0]
    before = [slots(engine, practice, today + DAY * n) for n in range(1, 21)]
    with unit_of_work(engine, world.one) as session:
        for whose in practice.doctors:
            week = [((0, 1, 2, 3, 4, 5, 6), (600, 660))]
            hours.change_week(session, practice.store, whose, week, today + 14 * DAY, by=world.olivia.id)
        told = open_rules(session, practice, ada)
    everyday = list(range(7))
    assert told == [
        (everyday, 540, 720, None, today + 13 * DAY),
        (everyday, 600, 660, today + 14 * DAY, None),
    ]
    after = [slots(engine, practice, today + DAY * n) for n in range(1, 21)]
    assert after[:13] == before[:13]
    assert [len(one) for one in after[13:]] == [3] * 7


def test_every_change_says_who_when_and_how_it_was(engine, practice, today):
    world, ada = practice.world, practice.doctors[0]
    with unit_of_work(engine, world.one) as session:
        one = of(session, practice, Resource, ada)
        resources.change(session, one, {"name": "Dr Ada", "between": 10}, by=world.olivia.id)
        resources.change(session, one, {"name": "Dr Ada", "between": 10}, by=world.olivia.id)
        kept = session.scalars(select(Change)).all()
        audited = session.scalars(select(Entry).where(Entry.verb == "schedule changed")).all()
    assert [(it.subject, it.subject_id, it.deed, it.by) for it in kept] == [
        ("resource", ada, "changed", world.olivia.id)
    ]
    assert (kept[0].before["between"], kept[0].after["between"]) == (0, 10)
    assert now() - kept[0].at < timedelta(minutes=1)
    assert [(it.staff_id, it.subject_kind, it.subject_id) for it in audited] == [
        (world.olivia.id, "resource", str(ada))
    ]


@pytest.mark.parametrize("what", ["week", "begin", "day", "block", "copy"])
def test_what_has_been_is_not_planned_and_nothing_is_changed(engine, practice, today, what):
    world, by, ada = practice.world, practice.world.olivia.id, practice.doctors[0]
    yesterday, store = today - DAY, practice.store
    deeds = {
        "week": lambda it: hours.change_week(it, store, ada, [((0,), (600, 660))], yesterday, by=by),
        "begin": lambda it: hours.begin(it, store, ada, Weekly(Effect.OPEN, (0,), (600, 660), yesterday), by=by),
        "day": lambda it: hours.set_day(it, store, ada, yesterday, [], None, by=by, first=today),
        "block": lambda it: hours.block(it, store, ada, (now() - 2 * DAY, now() - DAY), "ill", by=by),
        "copy": lambda it: hours.copy_week(it, store, ada, practice.lanes, yesterday, by=by),
    }
    before = rows(engine, world.one)
    with pytest.raises(ThePast), unit_of_work(engine, world.one) as session:
        deeds[what](session)
    assert rows(engine, world.one) == before


def test_a_rule_that_was_ended_is_opened_again_as_it_was(engine, practice, today):
    world, by, ada = practice.world, practice.world.olivia.id, practice.doctors[0]
    with unit_of_work(engine, world.one) as session:
        rule = queries.rules(session, practice.store, ada)[0]
        with pytest.raises(NothingToUndo):
            hours.reopen(session, rule, by=by)
        hours.end(session, rule, today + 3 * DAY, by=by)
        assert rule.until == today + 3 * DAY
        assert hours.reopen(session, rule, by=by).id == rule.id
        assert rule.until is None
        with pytest.raises(NothingToUndo):
            hours.reopen(session, rule, by=by)


def test_days_that_went_by_without_a_rule_stay_without_it(engine, practice, today):
    world, by, ada = practice.world, practice.world.olivia.id, practice.doctors[0]
    with unit_of_work(engine, world.one) as session:
        rule = queries.rules(session, practice.store, ada)[0]
        hours.end(session, rule, today, by=by)
        rule.until = today - 9 * DAY
        queries.ending(session, "rule", rule.id)
        session.add(
            Change(
                store_id=practice.store, subject="rule", subject_id=rule.id, deed="ended", by=by,
                before={"until": None}, after={"until": (today - 9 * DAY).isoformat()},
            )
        )  # fmt: skip
        session.flush()
        again = hours.reopen(session, rule, by=by)
        assert (again.id != rule.id, rule.until, again.since, again.until) == (True, today - 9 * DAY, today, None)


def test_a_week_is_copied_to_others_with_its_windows(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    ada, ben = practice.doctors
    with unit_of_work(engine, world.one) as session:
        lunch = Weekly(Effect.BLOCKED, (0, 2), (600, 630), today, why="lunch")
        hours.begin(session, practice.store, ada, lunch, by=by)
        hours.change_week(session, practice.store, ada, [((1,), (480, 540))], today + 7 * DAY, by=by, parity=1)
        hours.copy_week(session, practice.store, ada, [ben], today + 7 * DAY, by=by)
        mine, theirs = (queries.rules(session, practice.store, one, today + 7 * DAY) for one in (ada, ben))
        told = [
            [(it.effect, it.days, it.starts, it.ends, it.parity, it.until, it.why) for it in those]
            for those in (mine, theirs)
        ]
    assert told[0] == told[1]
    assert len(told[0]) == 3


def test_weeks_alternate_and_the_others_stay(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    monday = today - DAY * today.weekday() + 14 * DAY
    odd = monday.isocalendar().week % 2
    with unit_of_work(engine, world.one) as session:
        for whose in practice.doctors:
            hours.change_week(session, practice.store, whose, [((0,), (600, 620))], monday, by=by, parity=odd)
    told = [len(slots(engine, practice, monday + DAY * n)) for n in (0, 1, 7, 8, 14, 15)]
    assert told == [1, 0, 9, 9, 1, 0]


def test_a_single_day_is_set_and_is_as_usual_again(engine, practice, today):
    world, by, on = practice.world, practice.world.olivia.id, practice.on
    with unit_of_work(engine, world.one) as session:
        hours.set_day(session, practice.store, None, on, [], "closed", by=by, first=today)
        dated = hours.set_day(session, practice.store, None, on, [(600, 640)], "short", by=by, first=today)
    assert len(slots(engine, practice, on)) == 2
    with unit_of_work(engine, world.one) as session:
        hours.clear_day(session, of(session, practice, Dated, dated.id), by=by, first=today)
        deeds = session.scalars(select(Change.deed).where(Change.subject == "dated").order_by(Change.id)).all()
    assert len(slots(engine, practice, on)) == 9
    assert deeds == ["added", "removed", "added", "removed"]


def test_a_block_off_is_taken_back_and_made_again(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    with unit_of_work(engine, world.one) as session:
        between = (practice.at(9), practice.at(12))
        block = hours.block(session, practice.store, None, between, "painting", by=by)
    assert slots(engine, practice, practice.on) == []
    for deed, count in ((hours.unblock, 9), (hours.block_again, 0)):
        with unit_of_work(engine, world.one) as session:
            one = of(session, practice, Block, block.id)
            deed(session, one, by=by)
            with pytest.raises(NothingToUndo):
                deed(session, one, by=by)
        assert len(slots(engine, practice, practice.on)) == count


def test_some_types_may_be_booked_in_a_block_off(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    with unit_of_work(engine, world.one) as session:
        between = (practice.at(9), practice.at(12))
        hours.block(session, practice.store, None, between, "half", by=by, types=[practice.check])
        full = asking.view(session, practice.ask(practice.full), practice.on, practice.on)
        assert asking.times(full, practice.on) == []
    assert len(slots(engine, practice, practice.on)) == 9


def test_nobody_is_called_like_another_and_a_refusal_changes_nothing(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    told = {"kind": "person", "name": "Dr Ben", "skills": ["doctor"]}
    before = rows(engine, world.one)
    for deed in (
        lambda it: resources.add(it, practice.store, told, by=by),
        lambda it: resources.change(it, of(it, practice, Resource, practice.doctors[0]), told, by=by),
        lambda it: types.add(it, {"code": "check"}, [], by=by),
    ):
        with pytest.raises(NameTaken), unit_of_work(engine, world.one) as session:
            deed(session)
    assert rows(engine, world.one) == before


def test_places_side_by_side_are_numbered_and_as_many_come_at_once(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    told = {"kind": "seat", "name": "Seat", "skills": ["training"]}
    with unit_of_work(engine, world.one) as session:
        seats = resources.add(session, practice.store, told, by=by, count=3)
        assert [one.name for one in seats] == ["Seat 1", "Seat 2", "Seat 3"]
        assert [one.place for one in seats] == sorted(one.place for one in seats)


def test_a_type_is_changed_with_its_course_and_the_old_one_is_kept(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    with unit_of_work(engine, world.one) as session:
        one = session.get_one(Type, (world.one, practice.full))
        was = types.stretches_of(session, one)
        longer = [
            was[0],
            Stretch(
                {"en": "doctor"},
                30,
                (20, 30),
                (("doctor", 1, "doctor"), ("lane", 1, None)),
                ((practice.doctors[1], "both", 25),),
            ),
        ]
        types.change(session, one, {"shown": 70}, longer, by=by)
        assert types.stretches_of(session, one) == longer
        kept = session.scalars(select(Change).where(Change.subject == "type")).one()
    assert [it["minutes"] for it in kept.before["segments"]] == [10, 20]
    assert [it["minutes"] for it in kept.after["segments"]] == [10, 30]
    assert (kept.before["shown"], kept.after["shown"]) == (60, 70)


def test_a_licence_that_ends_takes_the_days_after_it(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    with unit_of_work(engine, world.one) as session:
        for number in practice.doctors:
            resources.change(
                session,
                of(session, practice, Resource, number),
                {"name": f"Dr {number}", "licensed_until": practice.on},
                by=by,
            )
    assert len(slots(engine, practice, practice.on)) == 9
    assert slots(engine, practice, practice.on + DAY) == []


def test_offers_quotas_and_policy_are_set_once(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    with unit_of_work(engine, world.one) as session:
        told = {(practice.check, "online"): ("no", "request"), (practice.full, "online"): ("book", "book")}
        terms.offer(session, practice.store, told, by=by)
        terms.offer(session, practice.store, told, by=by)
        quota = terms.add_quota(session, practice.store, {"per": "day", "most": 2}, by=by)
        terms.remove_quota(session, quota, by=by)
        terms.set_policy(session, practice.store, {"turn": "sum", "hold_minutes": 10}, by=by)
        terms.set_policy(session, practice.store, {"turn": "sum", "hold_minutes": 10}, by=by)
        deeds = [tuple(one) for one in session.execute(select(Change.subject, Change.deed).order_by(Change.id))]
        assert session.scalars(select(Quota)).all() == []
    assert deeds == [
        ("offer", "changed"), ("quota", "added"), ("quota", "removed"), ("policy", "added"),
    ]  # fmt: skip


def test_rules_of_the_past_are_out_of_reach(engine, practice, today):
    world, by = practice.world, practice.world.olivia.id
    with unit_of_work(engine, world.one) as session:
        old = Rule(store_id=practice.store, effect=Effect.OPEN, days=[0], starts=0, ends=60, until=date(2020, 1, 1))
        session.add(old)
        session.flush()
        with pytest.raises(ThePast):
            hours.end(session, old, today, by=by)
        with pytest.raises(ThePast):
            hours.end(session, queries.rules(session, practice.store, practice.doctors[0])[0], today - 2 * DAY, by=by)
