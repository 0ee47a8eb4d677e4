"""A store at work, for journeys of the closed loop: who is there, who is in the room, what a page is held to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Browser, Locator, Page, expect

from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.accounts.models import Store
from cloud.loops import questions
from cloud.loops import services as loops
from cloud.queue import gates, queries, services
from cloud.readings import intake
from cloud.worklist import queries as worklist
from tests.browser.looking import SIZES
from tests.browser.practice import Practice
from tests.cloud.loops import loops_here
from tests.cloud.loops.loops_here import Loop
from tests.cloud.people_here import PASSWORD, Someone
from tests.cloud.queue import store_here
from tests.cloud.queue.store_here import Open
from tests.cloud.readings.parcels_here import Outbox

BORN, TYPED = date(1958, 4, 4), "04041958"  # day and month are alike: browsers ask for them in either order
FINGER_PX = 44
FITS = (True, [])
# What may be touched, of the open dialog where there is one; a box to tick is as large as its words.
SMALL = """(least) => {
    const typed = "input:not([type=hidden], [type=checkbox], [type=radio])";
    const touched = `a, button, select, textarea, label.form-check, ${typed}`;
    const root = document.querySelector("dialog[open]") ?? document.querySelector("main");
    const seen = [...root.querySelectorAll(touched)].filter((one) => one.checkVisibility());
    const low = seen.filter((one) => one.getBoundingClientRect().height < least);
    return low.map((one) => `${one.tagName} ${one.textContent.trim()}`);
}"""


@dataclass
class Floor:
    """Tilda is a technician at the pier."""

    practice: Practice
    store: Open
    tilda: Someone

    @property
    def stations(self) -> dict[str, int]:
        return self.store.stations

    def in_room(self) -> Loop:
        """Grace is in the room with Alice."""
        return loops_here.loop(self.store, born=BORN)

    def last(self) -> int:
        """What was ordered last."""
        with self.store.work() as session:
            return max(one.task.id for one in questions.open_(session, self.store.world.pier.id))

    def state(self, task: int) -> str:
        with self.store.work() as session:
            return queries.task(session, task, self.store.world.pier.id).state

    def measured(self, task: int) -> None:
        """The instrument's reading comes home by the numbers of its order; the worker looks once."""
        world = self.store.world
        with self.store.work() as session:
            order = worklist.order(session, queries.task(session, task, world.pier.id).order_id or 0)
            numbers = {"accession": order.accession, "study_uid": order.study_uid}
        outbox = Outbox(world.pier)
        with self.store.work() as session:
            intake.take(session, world.one, [outbox.parcel(outbox.reading("R-1", order=numbers))])
            loops.follow(session, world.pier.id)

    def owes(self, stay: int) -> gates.Owed:
        with self.store.work() as session:
            return gates.owed(session, queries.stay(session, stay, self.store.world.pier.id))

    def empty(self) -> None:
        """Whoever is still here goes home."""
        with self.store.work() as session:
            pier = self.store.world.pier.id
            for stay in queries.stays(session, pier, queries.today(session, pier)):
                if stay.state == "here":
                    services.leave(session, stay, by=None)

    def open(self, chromium: Browser, who: Someone, size: str = "desk", **about: object) -> Page:
        """A browser of theirs."""
        width, height = SIZES[size]
        return self.practice.page(chromium, who, viewport={"width": width, "height": height}, **about)


def furnished(practice: Practice) -> Floor:
    """The store, with Tilda."""
    world, store = practice.world, store_here.found(practice.engine, practice.world)
    with store.work() as session:
        pier = session.get_one(Store, (world.one, world.pier.id))
        told = {"email": "tilda@example.test", "name": "Tilda Nowak", "password": PASSWORD}
        hired = accounts.hire(session, **told, role=Role.ASSISTANT, store=pier)
        return Floor(practice, store, Someone(world.one, hired.id, hired.email, world.pier))


def at_work(floor: Floor, chromium: Browser, who: Someone) -> Iterator[Page]:
    """A browser of theirs in which nothing may go wrong unnoticed."""
    page = floor.open(chromium, who)
    yield page
    complaints = page.complaints  # type: ignore[attr-defined]
    page.context.close()
    assert complaints == []


def listed(page: Page, task: int) -> Locator:
    """A task in the list one looks at."""
    return page.locator(f"#task-{task}")


def press(page: Page, task: int, word: str) -> None:
    """A button of a task, and no dialog yet."""
    listed(page, task).get_by_role("button", name=word, exact=True).first.click()


def answer(page: Page, word: str, **fields: str) -> None:
    """Fill in what the open dialog asks for, and send it."""
    dialog = page.locator("dialog[open]")
    for label, text in fields.items():
        dialog.get_by_label(label.replace("_", " "), exact=False).fill(text)
    dialog.get_by_role("button", name=word, exact=True).click()


def listens(page: Page) -> None:
    """The page hears the store's news."""
    expect(page.locator("#live")).to_have_attribute("data-stream", "connected")


def said(page: Page) -> Locator:
    """What a page tells of the last deed."""
    return page.locator("main .notice[role=status]")


def to(page: Page, selector: str) -> None:
    """Tab until it has the focus, once it is there."""
    expect(page.locator(selector).first).to_be_visible()
    for _press in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("(which) => document.activeElement.matches(which)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def fits(page: Page) -> tuple[bool, list[str]]:
    """Whether nothing has to be scrolled sideways, and what is too low for a finger."""
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return wide, page.evaluate(SMALL, FINGER_PX)
