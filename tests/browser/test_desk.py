"""The desk's calendar and queue in a browser: by pointer, by keyboard, live, on a phone, in Chinese."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from cloud.accounts.models import Staff
from cloud.booking import requests, services
from cloud.booking.choices import State
from cloud.booking.models import Visit
from cloud.kernel.database import unit_of_work
from cloud.people.models import Patient
from tests.browser.looking import AXE, SIZES
from tests.browser.practice import Practice, open_practice
from tests.browser.test_every_page import SERIOUS
from tests.cloud.booking import practice_here

pytestmark = pytest.mark.timeout(300)


@dataclass
class Desk:
    """A practice with a schedule; each test has a day of its own."""

    practice: Practice
    plan: practice_here.Practice
    days: int = field(default=0)

    def next_day(self) -> None:
        self.days += 1

    def at(self, hour: int, minute: int = 0):
        return self.plan.at(hour, minute) + timedelta(days=self.days)

    @property
    def address(self) -> str:
        return f"/calendar?day={self.plan.on + timedelta(days=self.days)}"

    def book(self, patient: int, hour: int, minute: int = 0, **told: object) -> int:
        with unit_of_work(self.practice.engine, self.practice.world.one) as session:
            ask = self.plan.ask(told.pop("type_id", None), **told)  # type: ignore[arg-type]
            with pytest.MonkeyPatch.context() as patch:
                practice_here.all_know_dr_ada(patch, self.plan)
                return services.book(session, ask, self.at(hour, minute), patient, channel="desk").id

    def told(self, visit: int) -> tuple[str, str]:
        """Its state, and when it is."""
        with unit_of_work(self.practice.engine, self.practice.world.one) as session:
            found = session.get_one(Visit, (self.practice.world.one, visit))
            return found.state, f"{found.shown_at.astimezone(practice_here.LISBON):%H:%M}"

    def last(self) -> int:
        with unit_of_work(self.practice.engine, self.practice.world.one) as session:
            return session.scalars(select(Visit.id).order_by(Visit.id.desc())).first() or 0


@pytest.fixture(scope="module")
def opened() -> Iterator[Desk]:
    with open_practice() as practice:
        yield Desk(practice, practice_here.found(practice.engine, practice.world, patients=6))


@pytest.fixture
def desk(opened: Desk) -> Desk:
    opened.next_day()
    return opened


@pytest.fixture
def page(desk: Desk, chromium: Browser) -> Iterator[Page]:
    page = desk.practice.page(chromium, desk.practice.world.alice, timezone_id="America/New_York")
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))  # type: ignore[arg-type]
    yield page
    page.context.close()


@pytest.fixture
def still(page: Page) -> Iterator[Page]:
    """A page that hears no news: nothing is fetched anew while a hand moves."""
    told = {"content_type": "text/event-stream", "body": "retry: 600000\n\n"}
    page.route("**/live?*", lambda route: route.fulfill(status=200, **told))  # type: ignore[arg-type]
    yield page
    page.unroute_all(behavior="ignoreErrors")


def card(page: Page, visit: int) -> Locator:
    return page.locator(f".card-visit[data-visit='{visit}']:not(.card-ghost)")


def slot(page: Page, name: str, clock: str) -> Locator:
    number = [one.strip() for one in page.locator(".cal-head").all_inner_texts()].index(name)
    return page.locator(f".slot[data-column='{number}'][data-clock='{clock}']")


def drag(page: Page, what: Locator, where: Locator) -> None:
    """As a hand does: pressed near the top, moved in steps, let go."""
    what.scroll_into_view_if_needed()
    box, aim = what.bounding_box(), where.bounding_box()
    assert box is not None
    assert aim is not None
    page.mouse.move(box["x"] + 20, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 14)
    page.mouse.move(aim["x"] + 30, aim["y"] + 6, steps=4)
    page.mouse.up()


def axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    return page.evaluate(SERIOUS)


def test_a_visit_that_is_dragged_across_another_is_asked_about_and_saved_only_when_somebody_says_so(desk, still):
    page = still
    world = desk.practice.world
    dragged, other = desk.book(world.grace, 9), desk.book(desk.plan.patients[0], 10)
    desk.book(world.per, 10)
    page.goto(desk.address)
    drag(page, card(page, dragged), slot(page, "Dr Ada", "10:00"))

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Something is in the way")
    expect(dialog).to_contain_text("Dr Ada: 10:00–10:20 with Family 0")
    assert desk.told(dragged) == (State.BOOKED, "09:00")
    assert axe(page) == []
    dialog.get_by_role("button", name="Leave it where it was").click()
    expect(card(page, dragged)).to_contain_text("09:00")
    assert desk.told(dragged) == (State.BOOKED, "09:00")

    drag(page, card(page, dragged), slot(page, "Dr Ada", "10:00"))
    dialog.get_by_label("Why it is put there all the same").fill("Sudden pain")
    dialog.get_by_role("button", name="Overbook").click()
    page.wait_for_url("**moved=*")
    moved = desk.last()
    assert (desk.told(dragged)[0], desk.told(moved)) == (State.MOVED, (State.BOOKED, "10:00"))
    expect(card(page, moved)).to_contain_text("overbooked")
    boxes = [one.bounding_box() for one in (card(page, moved), card(page, other))]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 2
    assert boxes[0]["x"] != boxes[1]["x"]
    assert page.complaints == []


def test_a_visit_is_dragged_to_somebody_else_and_that_is_undone(desk, still):
    page = still
    visit = desk.book(desk.practice.world.grace, 9)
    page.goto(desk.address)
    drag(page, card(page, visit), slot(page, "Dr Ben", "10:00"))

    page.wait_for_url("**moved=*")
    assert desk.told(desk.last()) == (State.BOOKED, "10:00")
    expect(page.locator(".slot[data-column='1'] .card-visit")).to_contain_text("Grace Okafor")
    page.keyboard.press("u")
    expect(page.get_by_text("The visit is back where it was.")).to_be_visible()
    assert desk.told(desk.last()) == (State.BOOKED, "09:00")
    expect(page.locator(".slot[data-column='0'] .card-visit")).to_contain_text("Grace Okafor")


def test_the_calendar_is_used_with_the_keyboard_alone(desk, still):
    page = still
    visit, other = desk.book(desk.practice.world.grace, 9), desk.book(desk.practice.world.per, 9, 20)
    page.goto(desk.address)
    card(page, visit).focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(":focus")).to_contain_text("Per Lindqvist")
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("data-column", "1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(card(page, visit)).to_be_focused()

    page.keyboard.press("m")
    expect(slot(page, "Dr Ada", "10:00").locator(".slot-mark")).to_have_count(1)
    expect(slot(page, "Tess", "10:00").locator(".slot-mark")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(page.locator("#cal-says")).to_have_text("10:00, Dr Ada")
    page.keyboard.press("Escape")
    expect(card(page, visit)).to_be_focused()
    expect(page.locator(".slot-mark")).to_have_count(0)
    assert desk.told(visit) == (State.BOOKED, "09:00")

    page.keyboard.press("m")
    for key in ("PageDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#cal-says")).to_have_text("10:20, Dr Ben")
    page.keyboard.press("Enter")
    page.wait_for_url("**moved=*")
    assert desk.told(desk.last()) == (State.BOOKED, "10:20")
    expect(card(page, desk.last())).to_be_focused()

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(card(page, other)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("check")
    page.get_by_role("button", name="Arrived").press("Enter")
    expect(page.locator(".page-head .pill")).to_have_text("Arrived")
    assert desk.told(other)[0] == State.ARRIVED


def test_a_later_part_takes_the_whole_visit_along(desk, still):
    page = still
    visit = desk.book(desk.practice.world.grace, 10, type_id=desk.plan.full)
    page.goto(desk.address)
    seen_by_doctor = page.locator(f".slot[data-column='0'] .card-visit[data-visit='{visit}']")
    expect(seen_by_doctor).to_contain_text("part 2 of 2")
    seen_by_doctor.focus()
    page.keyboard.press("m")
    for key in ("PageUp", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#cal-says")).to_have_text("09:50, Dr Ada")
    expect(slot(page, "Dr Ada", "09:45").locator(".slot-mark")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**moved=*")
    assert desk.told(desk.last()) == (State.BOOKED, "09:20")


def test_what_is_booked_elsewhere_appears_by_itself_and_takes_no_focus(desk, page):
    visit = desk.book(desk.practice.world.grace, 9)
    page.goto(desk.address)
    page.wait_for_selector("#live[data-stream=connected]")
    card(page, visit).focus()
    booked = desk.book(desk.practice.world.per, 10)

    expect(card(page, booked)).to_contain_text("Per Lindqvist")
    expect(card(page, visit)).to_be_focused()
    page.keyboard.press("a")
    expect(card(page, visit)).to_contain_text("Arrived")
    expect(card(page, visit)).to_be_focused()
    assert desk.told(visit)[0] == State.ARRIVED
    assert page.complaints == []


def test_the_queue_and_its_count_follow_what_patients_ask(desk, page):
    page.goto("/queue")
    page.wait_for_selector("#live[data-stream=connected]")
    on = desk.at(9).date()
    with unit_of_work(desk.practice.engine, desk.practice.world.one) as session:
        person = {"family": "Novak", "given": "Eva", "phone": "+351 910 000 001"}
        asked = requests.Asked(
            desk.plan.store, desk.plan.check, ((on, 540, 700),), "Sore <b>eye</b>", person=person, new=True
        )
        requests.ask(session, asked)

    entry = page.locator(".queued").first
    expect(entry).to_contain_text("Eva Novak")
    expect(entry).to_contain_text("New here")
    expect(entry).to_contain_text("Sore <b>eye</b>")
    expect(page.get_by_role("link", name="Queue").locator(".rail-count")).to_contain_text("1")
    assert axe(page) == []
    entry.get_by_role("link", name="Answer").click()
    page.get_by_role("button", name="Nobody of them: add this person").click()
    expect(page.get_by_role("heading", name="Times that would suit")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text("Booked.")).to_be_visible()
    with unit_of_work(desk.practice.engine, desk.practice.world.one) as session:
        found = session.get_one(Visit, (desk.practice.world.one, desk.last()))
        patient = session.get_one(Patient, (desk.practice.world.one, found.patient_id))
    assert (patient.family_name, found.shown_at) == ("Novak", desk.at(9))
    page.goto("/queue")
    expect(page.get_by_text("Nothing waits")).to_be_visible()


def test_a_visit_is_booked_at_the_counter_from_the_calendar(desk, page):
    page.goto(desk.address)
    slot(page, "Dr Ben", "09:30").click()
    page.get_by_label("Type", exact=True).select_option(label="check")
    page.get_by_role("button", name="Show times").click()
    page.get_by_role("link", name="See the free times in the calendar").click()
    expect(slot(page, "Dr Ben", "10:00").locator(".slot-mark")).to_have_count(1)
    slot(page, "Dr Ben", "10:00").click()
    page.get_by_label("Name, telephone or record number").fill("Okaf")
    page.get_by_role("button", name="Choose Grace Okafor, R-1").click()
    expect(page.get_by_role("button", name="10:00")).to_have_class("btn btn-primary")
    page.get_by_role("button", name="10:00").click()
    expect(page.get_by_role("timer")).to_contain_text("Held until")
    expect(page.locator(".facts")).to_contain_text("Dr Ben")
    page.get_by_label("What the patient comes for").fill("Glasses")
    page.get_by_role("button", name="Book", exact=True).click()

    expect(page.get_by_text("Booked.")).to_be_visible()
    assert desk.told(desk.last()) == (State.BOOKED, "10:00")
    assert page.complaints == []


def test_a_phone_shows_the_day_as_a_list_and_each_visit_once(desk, page):
    desk.book(desk.practice.world.grace, 9, type_id=desk.plan.full)
    desk.book(desk.practice.world.per, 10)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))  # type: ignore[arg-type]
    page.goto(desk.address)

    shown = page.locator(".card-visit:visible")
    expect(shown).to_have_count(2)
    expect(shown.first).to_contain_text("Grace Okafor")
    assert page.evaluate("document.documentElement.scrollWidth") == SIZES["phone"][0]
    assert axe(page) == []


def test_the_calendar_speaks_chinese(desk, page):
    desk.book(desk.practice.world.grace, 9)
    with unit_of_work(desk.practice.engine, desk.practice.world.one) as session:
        session.get_one(Staff, (desk.practice.world.one, desk.practice.world.alice.id)).locale = "zh"
    page.goto(desk.address)

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator(".card-visit").first).to_contain_text("已预约")
    expect(page.get_by_role("link", name="新建预约")).to_be_visible()
    assert axe(page) == []
    with unit_of_work(desk.practice.engine, desk.practice.world.one) as session:
        session.get_one(Staff, (desk.practice.world.one, desk.practice.world.alice.id)).locale = None
