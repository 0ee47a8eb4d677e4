"""Letters in a browser: a reminder rings on a patient's telephone, is answered, and staff see what came of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from cloud.booking import services as booking
from cloud.booking import tasks
from cloud.booking.models import Visit
from cloud.booking.once import settled
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.messages import models, sending
from cloud.people import services as people
from tests.browser.looking import AXE, SIZES
from tests.browser.practice import Practice, open_practice
from tests.browser.test_every_page import SERIOUS
from tests.cloud.booking import practice_here
from tests.cloud.messages.letters_here import never_quiet

pytestmark = pytest.mark.timeout(300)
PHONE = dict(zip(("width", "height"), SIZES["phone"], strict=True))


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with open_practice() as opened:
        yield opened


def rings(practice: Practice, template: str) -> None:
    """The newest such letter arrives now."""
    with unit_of_work(practice.engine, practice.world.one) as session:
        mine = select(models.Letter).where(models.Letter.template == template).order_by(models.Letter.id.desc())
        letter = session.scalars(mine).first()
        assert letter is not None
        letter.due_at = now()
    assert sending.deliver(practice.engine, practice.world.one, letter.id) == "sent"


def test_a_reminder_rings_is_answered_and_ends_the_visit(chromium: Browser, practice: Practice):
    plan, world = practice_here.found(practice.engine, practice.world), practice.world
    never_quiet(practice.engine, world)
    with unit_of_work(practice.engine, world.one) as session:
        people.add_contact(session, world.grace, kind="mobile", value="+44 7700 900123", by=None)
        visit = booking.book(session, plan.ask(), plan.at(9), world.grace, channel="desk").id
    settled(practice.engine, world.one, tasks.tell)
    page = practice.page(chromium, world.rosa, viewport=PHONE)
    page.goto("/messages/phones")
    expect(page.get_by_text("No telephone has rung yet")).to_be_visible()
    rings(practice, "visit_reminder")

    telephone = page.get_by_role("region", name="Grace")
    expect(telephone.get_by_text("Answer C to confirm or X to cancel")).to_be_visible()
    assert telephone.get_by_role("link").get_attribute("href").startswith(f"{practice.address}/b/")
    page.evaluate(AXE.read_text())
    assert page.evaluate(SERIOUS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]

    telephone.get_by_label("Answer as Grace").fill("x")
    page.keyboard.press("Enter")
    expect(telephone.get_by_text("The visit is cancelled.")).to_be_visible()
    with unit_of_work(practice.engine, world.one) as session:
        assert session.get_one(Visit, (world.one, visit)).state == "cancelled"

    settled(practice.engine, world.one, tasks.tell)
    page.goto(f"/patients/{world.grace}/messages")
    expect(page.get_by_role("row", name="Cancellation of a visit")).to_contain_text("Waiting")
    rings(practice, "visit_cancelled")
    expect(page.get_by_role("row", name="Cancellation of a visit")).to_contain_text("Sent")
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()
