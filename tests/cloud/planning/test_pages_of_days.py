"""Days that are closed, holidays, and time that is blocked off under visits."""

import re

from cloud.booking import standing
from cloud.booking.choices import State
from cloud.booking.models import Visit
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.planning.models import Change
from cloud.schedule.models import Block, Dated
from tests.cloud.planning.pages_here import all_of, blocked, book
from tests.cloud.test_views import rows


def test_days_are_closed_and_as_usual_again_and_undone(olivia, engine, practice, day):
    answer = olivia.post("/planning/days", data={"on": day, "how": "open", "windows": "10-12", "why": "training"})
    assert answer.status_code == 303
    [one] = all_of(engine, practice, Dated)
    assert (one.on_date.isoformat(), one.windows, one.why) == (day, [[600, 720]], "training")
    page = olivia.get(f"/planning/days?year={practice.on.year}").text
    assert ("training" in page, "10:00–12:00" in page) == (True, True)
    olivia.post(f"/planning/days/{one.id}/clear")
    assert all_of(engine, practice, Dated) == []
    removed = all_of(engine, practice, Change)[-1]
    assert olivia.post(f"/planning/history/{removed.id}/undo").status_code == 303
    assert [it.windows for it in all_of(engine, practice, Dated)] == [[[600, 720]]]


def test_a_years_holidays_are_chosen_from_the_list_of_the_country(olivia, engine, practice):
    olivia.post("/planning/policy", data={"hold_minutes": "7", "country": "PT"})
    year = now().year + 1
    page = olivia.get(f"/planning/days?year={year}").text
    assert f"Public holidays of Portugal in {year}" in page
    chosen = [f"{year}-01-01", f"{year}-12-25"]
    assert olivia.post("/planning/holidays", data={"year": str(year), "days": chosen}).status_code == 303
    told = [(it.on_date.isoformat(), it.windows, it.store_id, it.why) for it in all_of(engine, practice, Dated)]
    assert told == [(chosen[0], [], practice.store, "New Year's Day"), (chosen[1], [], practice.store, "Christmas Day")]
    olivia.post("/planning/holidays", data={"year": str(year), "days": chosen[1:], "resource_id": "chain"})
    assert [it.store_id for it in all_of(engine, practice, Dated)][-1] is None


def shown(answer):
    """The form of the page that shows whom a change touches."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))


def test_whom_a_block_off_touches_is_shown_and_it_is_made_when_somebody_says_so(olivia, engine, practice, day):
    visit, before = book(engine, practice, 0, 9), rows(engine, practice.world.one)
    answer = olivia.post("/planning/blocks", data=blocked(practice, day))
    assert answer.status_code == 200
    for words in ("This change touches 1 visit", "Family 0", "Dr Ada", "check", "09:00"):
        assert words in answer.text
    assert rows(engine, practice.world.one) == before
    again = shown(answer)
    assert again["from_day"] == day
    assert olivia.post("/planning/blocks", data=again | {"fate": "keep"}).status_code == 303
    assert [one.why for one in all_of(engine, practice, Block)] == ["ill"]
    with unit_of_work(engine, practice.world.one) as session:
        assert session.get_one(Visit, (practice.world.one, visit)).state == State.BOOKED


def test_visits_are_given_to_somebody_else_and_the_page_says_what_became_of_each(olivia, engine, practice, day):
    first, third = book(engine, practice, 0, 9), None
    second = book(engine, practice, 1, 9)
    third = book(engine, practice, 2, 9, 20)
    again = shown(olivia.post("/planning/blocks", data=blocked(practice, day)))
    before = rows(engine, practice.world.one)
    refused = olivia.post("/planning/blocks", data=again | {"fate": "substitute", "care_why": ""})
    assert (refused.status_code, "This is needed." in refused.text) == (422, True)
    assert rows(engine, practice.world.one) == before
    done = olivia.post("/planning/blocks", data=again | {"fate": "substitute", "care_why": "ill", "instead": ""})
    assert done.status_code == 200
    for words in ("somebody else", "nobody else can and is free then", "1 visit still waits for somebody"):
        assert words in done.text
    with unit_of_work(engine, practice.world.one) as session:
        told = standing.served_by(session, [first, second, third])
    ada, ben = practice.doctors
    assert [set(told[one]) & {ada, ben} for one in (first, second, third)] == [{ada}, {ben}, {ben}]


def test_who_booked_meanwhile_is_shown_too(olivia, engine, practice, day):
    book(engine, practice, 0, 9)
    again = shown(olivia.post("/planning/blocks", data=blocked(practice, day)))
    book(engine, practice, 1, 9, 40)
    answer = olivia.post("/planning/blocks", data=again | {"fate": "cancel", "care_why": "ill"})
    assert (answer.status_code, "This change touches 2 visits" in answer.text) == (200, True)
    assert all_of(engine, practice, Block) == []


def test_a_block_off_is_taken_back_and_made_again(olivia, engine, practice, day):
    olivia.post("/planning/blocks", data=blocked(practice, day, types=[str(practice.check)]))
    [one] = all_of(engine, practice, Block)
    assert (one.types, one.ended_at) == ([practice.check], None)
    olivia.post("/planning/blocks", data=blocked(practice, day, from_time="9:00", to_time="9:30", why="short"))
    page = olivia.get(f"/planning/days?year={practice.on.year}").text
    written = f"{practice.on.day} {practice.on:%b %Y}"
    assert (f'<span class="line-when">{written}</span>' in page, f"{written} 09:00 – 09:30" in page) == (True, True)
    olivia.post(f"/planning/blocks/{one.id}/end")
    assert all_of(engine, practice, Block)[0].ended_at is not None
    assert "taken back" in olivia.get(f"/planning/days?year={practice.on.year}").text
    olivia.post(f"/planning/blocks/{one.id}/again")
    assert all_of(engine, practice, Block)[0].ended_at is None
    answer = olivia.post(f"/planning/blocks/{one.id}/again", follow_redirects=True)
    assert "It stands as it is" in answer.text
