"""For whom somebody books: households behind one telephone, and families that come together."""

from datetime import date, timedelta

import pytest

from cloud.booking.models import Entry, Hold, Visit
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import queries
from cloud.people import services as people
from cloud.people.models import Patient
from tests.cloud.booking.practice_here import LISBON
from tests.cloud.direct.steps_here import ADA, GRACE, NEW, count, family, rows
from tests.cloud.direct.way_here import door, reached


def test_somebody_of_the_household_is_not_made_twice(one, engine, practice):
    before = count(engine, practice, Patient)
    one.prove(door(practice), GRACE)
    one.read(f"{door(practice)}/new")
    one.send("new", given="grace", family="Okafor", born="1980-05-04", agree="yes")
    one.send("who", person=f"p{practice.world.grace}")
    one.send("what", **{f"type__p{practice.world.grace}": practice.check})
    one.press("when")
    one.send("confirm")
    assert (one.step, count(engine, practice, Patient)) == ("done", before)


def test_two_households_with_one_telephone_are_opened_by_a_date_of_birth(one, engine, practice):
    reached(engine, practice, practice.world.per, GRACE, date(1975, 1, 2))
    one.prove(door(practice), GRACE)
    assert (one.step, "Grace" in one.page, "Per" in one.page) == ("family", False, False)
    one.send("family", born="1999-09-09")
    assert (one.status, "Grace" in one.page) == (422, False)
    one.send("family", born="1975-01-02")
    assert (one.step, "Per (1975)" in one.page, "Grace" in one.page) == ("who", True, False)
    one.send("who", person=f"p{practice.world.grace}")
    assert (one.status, one.step) == (422, "who")


def test_whoever_is_of_neither_household_goes_on_as_somebody_new(one, engine, practice):
    reached(engine, practice, practice.world.per, GRACE, date(1975, 1, 2))
    one.prove(door(practice), GRACE)
    one.send("family/new")
    assert one.step == "new"
    one.send("new", **ADA)
    one.send("what", **{"type__n0": practice.check})
    one.press("when")
    one.send("confirm")
    assert one.step == "done", one.page


def test_the_end_of_a_number_is_not_the_number(one, engine, practice):
    reached(engine, practice, practice.world.per, "+33 7 70 09 00 777")
    one.prove(door(practice), NEW)
    assert (one.step, "Per" in one.page) == ("new", False)


def test_a_number_of_here_is_found_however_it_was_written_down(one, engine, practice):
    reached(engine, practice, practice.world.per, "07700 900777", date(1975, 1, 2))
    one.prove(door(practice), NEW)
    assert (one.step, "Per (1975)" in one.page) == ("who", True)


def test_nobody_books_for_a_person_a_type_or_a_time_they_were_not_offered(one, engine, practice):
    world = practice.world
    one.prove(door(practice), GRACE)
    for person in (f"p{world.per}", f"p{world.mary}", "n0", "p", "px", ""):
        one.send("who", person=person)
        assert (one.status, one.step) == (422, "who")
    one.send("who", person=f"p{world.grace}")
    one.send("what", **{f"type__p{world.grace}": 999_999})
    assert (one.status, one.step) == (422, "what")
    one.send("what", **{f"type__p{world.grace}": practice.check})
    for at in (practice.at(3), practice.at(9, 5), now() - timedelta(days=1)):
        one.send("when", at=at.isoformat())
        assert (one.status, one.step) == (409, "when")
    one.send("when", at="soon")
    assert (count(engine, practice, Hold), count(engine, practice, Visit)) == (0, 0)


def test_whoever_left_the_household_is_chosen_no_more(one, engine, practice):
    ids = family(engine, practice)
    one.prove(door(practice), GRACE)
    one.send("who", person=f"p{ids[1]}")
    one.send("what", **{f"type__p{ids[1]}": practice.check})
    one.press("when")
    with unit_of_work(engine, practice.world.one) as session:
        [home] = queries.households(session, ids[1])
        people.leave_household(session, ids[1], home.membership_id, by=None)
    for step in ("confirm", "when", "what"):
        one.read(f"{door(practice)}/{step}")
        assert (one.step, "Ben" in one.page) == ("who", False)
    assert count(engine, practice, Visit) == 0


@pytest.mark.parametrize(("way", "minutes"), [("after", [0, 20, 40]), ("together", None)])
def test_a_family_of_three_comes_one_after_the_other_or_not_at_all(one, engine, practice, way, minutes):
    ids = family(engine, practice)
    one.prove(door(practice), GRACE)
    one.send("who", person=[f"p{id_}" for id_ in ids])
    one.send("what", **{f"type__p{id_}": practice.check for id_ in ids})
    one.send("when/wish", way=way)
    assert one.step == "when"
    if minutes is None:  # two doctors do not see three people at once
        assert "No time in this month" in one.page
        return
    one.press("when")
    assert (one.step, count(engine, practice, Hold)) == ("confirm", 3)
    one.send("confirm")
    assert one.step == "done", one.page
    visits = rows(engine, practice, Visit)
    assert [visit.patient_id for visit in visits] == ids
    assert [(visit.shown_at - visits[0].shown_at).seconds // 60 for visit in visits] == minutes
    assert len({visit.party for visit in visits}) == 1
    assert visits[0].party is not None
    assert [entry.visit_id for entry in rows(engine, practice, Entry)] == [visit.id for visit in visits]
    one.press("done/link", 2)
    assert (one.status, f"{visits[2].shown_at.astimezone(LISBON):%H:%M}" in one.page) == (200, True)
