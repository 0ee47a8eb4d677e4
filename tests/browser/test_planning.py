"""A change of the schedule that touches a booking, in a browser: shown first, made only when somebody says so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from cloud.booking import services
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Block
from tests.browser.looking import AXE, SIZES
from tests.browser.practice import Practice, open_practice
from tests.browser.test_every_page import SERIOUS
from tests.cloud.booking import practice_here

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with open_practice() as opened:
        yield opened


def blocks(practice: Practice) -> list[str]:
    with unit_of_work(practice.engine, practice.world.one) as session:
        return list(session.scalars(select(Block.why)))


def test_whom_a_change_touches_is_shown_first_and_it_is_made_when_said_so(chromium: Browser, practice: Practice):
    plan = practice_here.found(practice.engine, practice.world, patients=2)
    with unit_of_work(practice.engine, practice.world.one) as session:
        services.book(session, plan.ask(), plan.at(9), plan.patients[0], channel="desk")
    page = practice.page(
        chromium, practice.world.olivia, viewport=dict(zip(("width", "height"), SIZES["phone"], strict=True))
    )
    page.request.post("/store", form={"store": "pier", "csrf_token": token(page)})
    page.goto(f"/planning/resources/{plan.doctors[0]}")
    page.get_by_role("link", name="Leave or block-off").click()
    form = page.locator("form", has=page.get_by_role("button", name="Block off"))
    expect(form.get_by_label("Who or what")).to_have_value(str(plan.doctors[0]))
    form.get_by_label("First day").fill(plan.on.isoformat())
    form.get_by_label("Last day").fill(plan.on.isoformat())
    form.get_by_label("Why").fill("Congress")
    form.get_by_role("button", name="Block off").click()

    expect(page.get_by_role("heading", name="This change touches 1 visit")).to_be_visible()
    expect(page.get_by_role("cell", name="Family 0")).to_be_visible()
    assert blocks(practice) == []
    page.evaluate(AXE.read_text())
    assert page.evaluate(SERIOUS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]

    page.get_by_label("Somebody else").check()
    page.get_by_role("button", name="Make the change").click()
    expect(page.get_by_role("heading", name="What became of the visits")).to_be_visible()
    expect(page.get_by_role("cell", name="Dr Ben", exact=False)).to_be_visible()
    assert blocks(practice) == ["Congress"]
    page.get_by_role("link", name="Back to the schedule").click()
    expect(page.get_by_text("Dr Ada: Congress")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


def token(page) -> str:
    return page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
