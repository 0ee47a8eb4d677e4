"""Patients book by themselves in a browser: with a mouse, a keyboard, a telephone, without scripts, in Chinese."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from cloud.booking import links, services, tasks
from cloud.booking.choices import Purpose
from cloud.booking.models import Entry, Hold, Request, Visit
from cloud.direct import tables
from cloud.direct.models import Door
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.messages.models import Letter
from cloud.people import services as people
from cloud.people.choices import ContactKind
from cloud.schedule.choices import Channel
from cloud.schedule.models import Offered, Quota, Type
from tests.browser.looking import AXE, SIZES
from tests.browser.practice import Practice, open_practice
from tests.browser.test_every_page import SERIOUS
from tests.cloud.booking import practice_here
from tests.cloud.direct.way_here import Patient

pytestmark = pytest.mark.timeout(300)
GO = re.compile("Go on|继续")


@dataclass
class Store:
    """A store that books online; every patient of it has an address of their own."""

    practice: Practice
    plan: practice_here.Practice
    count: int = field(default=0)

    @property
    def door(self) -> str:
        return f"/book/one-{self.practice.world.number}/pier"

    def somebody(self, *children: str) -> tuple[str, list[int]]:
        """A grown-up with children, by the address they are reached at and their numbers."""
        self.count += 1
        contact = f"patient{self.count}@example.test"
        with unit_of_work(self.practice.engine, self.practice.world.one) as session:
            born = date(1980, 5, 4)
            one = people.register(session, family_name=f"Okafor{self.count}", given_name="Grace", birth_date=born)
            people.add_contact(session, one.id, kind=ContactKind.EMAIL, value=contact, by=None)
            made = [
                people.register(session, family_name=one.family_name, given_name=name, birth_date=date(2016, 3, 2))
                for name in children
            ]
            for child in made:
                people.join_household(session, child.id, one.id, by=None)
            return contact, [one.id, *(child.id for child in made)]

    def code(self) -> str:
        return Patient(None, self.practice.engine, self.practice.world.one).code()  # type: ignore[arg-type]

    def change(self, kind: type, **told: object) -> None:
        with unit_of_work(self.practice.engine, self.practice.world.one) as session:
            session.execute(update(kind).values(**told))

    def last(self, kind: type) -> object:
        with unit_of_work(self.practice.engine, self.practice.world.one) as session:
            return session.scalars(select(kind).order_by(kind.id.desc())).first()


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_practice() as practice:
        made = practice_here.found(practice.engine, practice.world)
        tables.read("limits")["form"]["least_seconds"] = 0
        for of in ("address", "contact"):
            for limit in tables.read("limits")[of].values():
                limit["times"] = 10_000
        with unit_of_work(practice.engine, practice.world.one) as session:
            session.add(Door(store_id=made.store, phone="+351 21 000 0000", emergency="112", accent="#c2410c"))
            names = {made.check: ("Sight test", "视力检查"), made.full: ("Full examination", "全面检查")}
            for id_, (en, zh) in names.items():
                kind = session.get_one(Type, (practice.world.one, id_))
                kind.names, kind.red_flags = {"en": en, "zh": zh}, id_ == made.full
        yield Store(practice, made)
        tables.read.cache_clear()  # other tests hold the pages to their limits


@pytest.fixture
def page(store: Store, chromium: Browser) -> Iterator[Page]:
    made = store.practice.page(chromium, None)
    yield made
    complaints = [one for one in made.complaints if "status of 4" not in one]  # type: ignore[attr-defined]
    made.context.close()
    assert complaints == []


def prove(page: Page, store: Store, contact: str) -> None:
    page.goto(store.door)
    page.locator("#contact").fill(contact)
    page.locator("form .btn-primary").click()
    expect(page.locator("#code")).to_be_visible()
    page.locator("#code").fill(store.code())
    page.get_by_role("button", name=GO).click()
    expect(page.locator("#code")).to_have_count(0)


def choose(page: Page, *people: str, what: str = "Sight test") -> None:
    """For whom and what for, as far as the calendar or the questions."""
    for name in people:
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name=GO).click()
    for at in range(max(1, len(people))):
        page.get_by_role("radio", name=what).nth(at).check()
    page.get_by_role("button", name=GO).click()


def headed(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_somebody_known_goes_back_at_every_step_and_books(page: Page, store: Store):
    contact, [grace] = store.somebody()
    prove(page, store, contact)
    headed(page, "Who is the visit for?")
    choose(page)
    headed(page, "When?")
    page.locator("a.day").nth(2).click()
    expect(page.locator("a.day[aria-current]")).to_have_text(page.locator("a.day").nth(2).inner_text())
    page.locator("button.time").nth(1).click()
    headed(page, "Is this right?")
    when = page.locator("dd").first.inner_text()
    for words, kept in (("When?", ".time[aria-pressed]"), ("What is it for?", ":checked"), ("Who is", ":checked")):
        page.get_by_role("link", name="Back").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(words)
        expect(page.locator(kept).first).to_be_attached()
    page.goto(f"{store.door}/confirm")
    expect(page.locator("dd").first).to_have_text(when)
    page.get_by_role("button", name="Book this visit").click()
    headed(page, "You are booked")
    assert store.last(Visit).patient_id == grace
    assert store.last(Entry).visit_id == store.last(Visit).id
    with page.expect_download() as file:
        page.get_by_role("link", name="Add to my calendar").click()
    assert file.value.suggested_filename == "visit.ics"


def test_somebody_new_tells_who_they_are_and_books(page: Page, store: Store):
    prove(page, store, "+44 7700 900321")
    headed(page, "Tell us who is coming")
    page.get_by_label("First name").first.fill("Ada")
    page.get_by_label("Family name").first.fill("Byron")
    page.get_by_label("Date of birth").fill("1990-12-10")
    expect(page.locator("#guardian")).to_be_hidden()
    page.get_by_label("Date of birth").fill("2019-12-10")
    expect(page.locator("#guardian")).to_be_visible()
    page.get_by_label("Date of birth").fill("1990-12-10")
    page.get_by_role("checkbox", name="We may record").check()
    page.get_by_role("button", name=GO).click()
    page.get_by_role("radio", name="Sight test").check()
    page.get_by_role("button", name=GO).click()
    page.locator("button.time").first.click()
    page.get_by_role("button", name="Book this visit").click()
    headed(page, "You are booked")
    assert (store.last(Entry).new, store.last(Visit).who) == (True, "new")


def test_a_practice_that_takes_nobody_new_is_asked(page: Page, store: Store):
    store.change(Offered, new="request")
    try:
        prove(page, store, "newcomer@example.test")
        for label, value in (("First name", "Tom"), ("Family name", "Young"), ("Date of birth", "1973-06-13")):
            page.get_by_label(label).first.fill(value)
        page.get_by_role("checkbox", name="We may record").check()
        page.get_by_role("button", name=GO).click()
        page.get_by_role("radio", name="Sight test").check()
        page.get_by_role("button", name=GO).click()
        headed(page, "Ask for a time")
        page.locator("#day-0").fill((store.plan.on).isoformat())
        page.get_by_role("button", name="Send the request").click()
        headed(page, "We have your request")
        assert store.last(Request).person["family"] == "Young"
    finally:
        store.change(Offered, new="book")


def test_a_time_that_ran_out_is_tried_again(page: Page, store: Store):
    contact, _ids = store.somebody()
    page.clock.install()
    prove(page, store, contact)
    choose(page)
    page.locator("button.time").nth(2).click()
    expect(page.get_by_role("timer")).to_contain_text("6:")
    store.change(Hold, until=now() - timedelta(seconds=1))
    page.clock.fast_forward("08:00")
    expect(page.get_by_role("alert")).to_contain_text("Your time ran out")
    expect(page.get_by_role("button", name="Book this visit")).to_be_hidden()
    page.get_by_role("button", name="Try the same time again").click()
    expect(page.get_by_role("timer")).to_contain_text("6:")
    page.get_by_role("button", name="Book this visit").click()
    headed(page, "You are booked")


def test_two_browsers_want_one_time(page: Page, store: Store, chromium: Browser):
    """Two doctors: the third who wants a time is told so and takes another."""
    others = []
    for _number in range(2):
        contact, _ids = store.somebody()
        other = store.practice.page(chromium, None)
        prove(other, store, contact)
        choose(other)
        others.append(other)
    contact, _ids = store.somebody()
    prove(page, store, contact)
    choose(page)
    day = store.plan.on.isoformat()
    for one in (*others, page):
        one.goto(f"{store.door}/when?day={day}")
    for other in others:
        other.get_by_role("button", name="11:40").click()
        headed(other, "Is this right?")
    page.get_by_role("button", name="11:40").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else took this time just now")
    expect(page.get_by_role("button", name="11:40")).to_have_count(0)
    page.get_by_role("button", name="11:20").click()
    for one in (*others, page):
        one.get_by_role("button", name="Book this visit").click()
        headed(one, "You are booked")
    for other in others:
        other.context.close()


def test_a_visit_is_moved_and_cancelled_by_its_link(page: Page, store: Store):
    contact, _ids = store.somebody()
    prove(page, store, contact)
    choose(page)
    page.locator("button.time").nth(3).click()
    page.get_by_role("button", name="Book this visit").click()
    page.get_by_role("button", name="Change or cancel it").click()
    first = page.url
    page.get_by_role("link", name="Choose another time").click()
    page.locator("a.day").nth(4).click()
    page.locator("button.time").first.click()
    expect(page.get_by_role("status")).to_contain_text("Moved")
    page.goto(first)
    headed(page, "This link is over")
    page.go_back()
    page.get_by_role("link", name="Cancel the visit").click()
    page.get_by_role("radio", name="Somebody is ill").check()
    page.get_by_role("button", name="Cancel this visit").click()
    headed(page, "Your visit is cancelled")
    assert (store.last(Visit).state, store.last(Entry).kind) == ("cancelled", "cancelled")


def test_a_family_of_three_books_in_one_go(page: Page, store: Store):
    contact, ids = store.somebody("Ben", "Cleo")
    prove(page, store, contact)
    choose(page, "Grace", "Ben", "Cleo")
    page.get_by_label("How you come").select_option("after")
    page.get_by_role("button", name="Show times").click()
    page.locator("a.day").nth(5).click()
    page.locator("button.time").first.click()
    page.get_by_role("button", name="Book this visit").click()
    headed(page, "You are booked")
    expect(page.get_by_role("link", name="Add to my calendar")).to_have_count(3)
    last = store.last(Visit)
    with unit_of_work(store.practice.engine, store.practice.world.one) as session:
        found = session.scalars(select(Visit.patient_id).where(Visit.party == last.party).order_by(Visit.id)).all()
    assert list(found) == ids


def test_red_flags_stop_the_routine(page: Page, store: Store):
    contact, _ids = store.somebody()
    prove(page, store, contact)
    choose(page, what="Full examination")
    headed(page, "A few questions first")
    for group in page.get_by_role("group").all():
        group.get_by_role("radio", name="No").check()
    page.get_by_role("radio", name="Yes").nth(2).check()
    page.get_by_role("button", name=GO).click()
    headed(page, "This should not wait")
    expect(page.get_by_role("link", name="Call +351 21 000 0000")).to_have_attribute("href", "tel:+351210000000")
    assert store.last(Entry).kind == "urgent"


def test_the_whole_way_by_keyboard_alone(page: Page, store: Store):
    contact, _ids = store.somebody()
    page.goto(store.door)
    to(page, "#contact")
    page.keyboard.type(contact)
    page.keyboard.press("Enter")
    headed(page, "Enter the code")
    to(page, "#code")
    page.keyboard.type(store.code())
    page.keyboard.press("Enter")
    headed(page, "Who is the visit for?")
    to(page, "form .btn-primary")
    page.keyboard.press("Enter")
    headed(page, "What is it for?")
    to(page, "input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    headed(page, "When?")
    to(page, "a.day[tabindex='0']")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    second = page.locator("a.day").nth(1)
    expect(second).to_be_focused()
    assert page.locator("[role=grid] [role=gridcell]").count() >= 28
    page.keyboard.press("Enter")
    expect(page.locator("#times-name")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("button.time").first).to_be_focused()
    page.keyboard.press("Enter")
    headed(page, "Is this right?")
    to(page, "[data-once] .btn-primary")
    page.keyboard.press("Enter")
    headed(page, "You are booked")


def to(page: Page, selector: str) -> None:
    """Tab until it has the focus."""
    for _press in range(40):
        if page.evaluate("(which) => document.activeElement.matches(which)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached")


def test_the_whole_way_without_scripts(store: Store, chromium: Browser):
    contact, [grace] = store.somebody()
    page = store.practice.page(chromium, None, java_script_enabled=False)
    prove(page, store, contact)
    choose(page, what="Full examination")
    for group in page.get_by_role("group").all():
        group.get_by_role("radio", name="No").check()
    page.get_by_role("button", name=GO).click()
    headed(page, "When?")
    page.get_by_role("link", name="Month after").click()
    expect(page.get_by_role("link", name="Month before")).to_be_visible()
    page.locator("a.day").first.click()
    expect(page.locator("a.day").first).to_have_attribute("aria-current", "date")
    page.locator("button.time").first.click()
    headed(page, "Is this right?")
    page.get_by_role("button", name="Keep it longer").click()
    expect(page.get_by_role("button", name="Keep it longer")).to_have_count(0)
    page.get_by_role("button", name="Book this visit").click()
    headed(page, "You are booked")
    assert store.last(Visit).patient_id == grace
    page.context.close()


@pytest.mark.parametrize(("locale", "scheme"), [("en-GB", "light"), ("zh-CN", "dark")])
def test_every_page_fits_a_telephone_and_shuts_nobody_out(store: Store, chromium: Browser, locale: str, scheme: str):
    contact, _ids = store.somebody("Ben")
    width, height = SIZES["phone"]
    told = {"locale": locale, "color_scheme": scheme, "viewport": {"width": width, "height": height}}
    page = chromium.new_context(base_url=store.practice.address, **told).new_page()  # type: ignore[arg-type]
    zh = locale.startswith("zh")
    found: dict[str, tuple[list[str], int]] = {}

    def look(name: str) -> None:
        page.evaluate(AXE.read_text())
        found[name] = page.evaluate(SERIOUS), page.evaluate("document.documentElement.scrollWidth")

    page.goto(store.door)
    look("start")
    page.locator("form .btn-primary").click()
    prove(page, store, contact)
    look("who")
    page.goto(f"{store.door}/new")
    look("new")
    page.goto(f"{store.door}/who")
    choose(page, "Grace", what="全面检查" if zh else "Full examination")
    look("check")
    for group in page.get_by_role("group").all():
        group.locator("[value=no]").check()
    page.get_by_role("button", name=GO).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("什么时间？" if zh else "When?")
    look("when")
    for step in ("what", "request", "wait"):
        page.goto(f"{store.door}/{step}")
        look(step)
    page.goto(f"{store.door}/when")
    page.locator("button.time").first.click()
    look("confirm")
    page.locator("[data-once] .btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("预约成功" if zh else "You are booked")
    look("done")
    page.locator("form[action$='done/link'] button").click()
    look("link")
    for step in ("move", "cancel"):
        page.goto(f"{page.url.split('?')[0].removesuffix('/move')}/{step}")
        look(step)
    page.context.close()
    assert {name: seen for name, seen in found.items() if seen != ([], width)} == {}


def test_a_time_that_came_free_is_claimed_by_who_waits(page: Page, store: Store, chromium: Browser):
    contact, [first] = store.somebody()
    with unit_of_work(store.practice.engine, store.practice.world.one) as session:
        session.add(quota := Quota(store_id=store.plan.store, type_id=store.plan.full, per="day", most=1))
        session.flush()
        ask = store.plan.ask(store.plan.full, channel=Channel.ONLINE)
        visit = services.book(session, ask, store.plan.at(9), first, channel="online")
        given_up = f"/b/{links.make(session, Purpose.MANAGE, visit_id=visit.id, until=visit.ends_at)}"
    contact, [waits] = store.somebody()
    prove(page, store, contact)
    choose(page, what="Full examination")
    for group in page.get_by_role("group").all():
        group.get_by_role("radio", name="No").check()
    page.get_by_role("button", name=GO).click()
    page.get_by_role("link", name="Tell me when").click()
    page.get_by_label("Until which day").fill((store.plan.on + timedelta(days=1)).isoformat())
    page.get_by_role("checkbox", name=f"{store.plan.on:%A}").check()
    page.get_by_role("button", name="Put me on the list").click()
    headed(page, "You are on the list")
    other = store.practice.page(chromium, None)
    other.goto(f"{given_up}/cancel")
    other.get_by_role("radio", name="We go elsewhere").check()
    other.get_by_role("button", name="Cancel this visit").click()
    headed(other, "Your visit is cancelled")
    other.context.close()
    while tasks.work(store.practice.engine):
        pass
    page.goto(offered_to(store, waits))
    headed(page, "A time came free")
    page.get_by_role("button", name="Take this time").click()
    headed(page, "Your visit")
    expect(page.get_by_role("status")).to_contain_text("It is yours")
    last = store.last(Visit)
    assert (last.patient_id, last.shown_at) == (waits, store.plan.at(9))
    store.change(Quota, most=1000)
    assert quota.id


def offered_to(store: Store, patient_id: int) -> str:
    """The link in the letter they were sent."""
    with unit_of_work(store.practice.engine, store.practice.world.one) as session:
        asked = select(Letter).where(Letter.patient_id == patient_id, Letter.template == "visit_offer")
        letter = session.scalars(asked.order_by(Letter.id.desc())).first()
        assert letter is not None
        assert letter.secret is not None
        return letter.secret["link"]
