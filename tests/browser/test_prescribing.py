"""A prescription written with the keyboard alone, signed, printed, and verified in a browser that knows nobody."""

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cloud.app import create_app
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.settings import Settings
from cloud.prescriptions.models import Prescription
from deploy import assets
from tests.browser.looking import SIZES
from tests.browser.serving import served
from tests.cloud.people_here import PASSWORD, found
from tests.cloud.servers import running


@pytest.fixture(scope="module")
def shop() -> Iterator[tuple]:
    """A chain of its own behind a real server: its address, its engine, its people."""
    assets.main()
    with running("embedded") as server, server.database("emmetra_rx") as name:
        engine, owner = app_engine(server.app_url(name)), owner_engine(server.owner_url(name))
        world = found(owner, engine, 1)
        app = create_app(Settings(server.app_url(name), "k" * 32, secure_cookies=False))
        with served(app) as address:
            yield address, engine, world
            app.extensions["emmetra.hub"].close()
        for one in (app.extensions["emmetra.engine"], engine, owner):
            one.dispose()


@pytest.fixture
def page(shop, chromium: Browser) -> Iterator[Page]:
    address, _engine, world = shop
    width, height = SIZES["desk"]
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=address, locale="en")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", world.alice.email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rail")
    yield page
    context.close()


TYPED = ("-225", "1,50", "10", "", "2 in 1 up", "6/6", "-2.25", "ds", "", "", "", "6/5")


def test_written_by_keyboard_signed_printed_and_verified_elsewhere(shop, page, chromium):
    address, engine, world = shop
    page.goto(f"/patients/{world.grace}/prescriptions")
    page.keyboard.press("n")
    page.locator("#right_sphere").focus()
    for text in TYPED:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.locator("#licence").focus()
    page.keyboard.type("OPT-77")
    expect(page.locator("#checks")).to_contain_text("Nothing to remark.")
    shown = [page.input_value(f"#right_{name}") for name in ("sphere", "cylinder", "axis")]
    assert shown == ["-2.25", "-1.50", "010"]

    page.get_by_role("button", name="Sign").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sign")).to_be_visible()
    page.locator("#sign .btn-primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Spectacles")
    with unit_of_work(engine, world.one) as session:
        row = session.scalars(select(Prescription)).one()
    assert page.url == f"{address}/prescriptions/{row.id}"
    assert verified(page, chromium, row.id) == ["Genuine and in force.", "−2.25", "−1.50", "010"]


def verified(page: Page, chromium: Browser, prescription: int) -> list[str]:
    """What a browser in which nobody is signed in finds of the values on the paper."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed here")
    token = page.locator("input[name=csrf_token]").first.input_value()
    made = page.request.post(f"/prescriptions/{prescription}/paper", form={"csrf_token": token, "paper": "a5"})
    text = subprocess.run(["pdftotext", "-", "-"], input=made.body(), capture_output=True, check=True).stdout.decode()
    context = chromium.new_context(base_url=page.url, locale="en")
    other = context.new_page()
    other.goto("/v")
    other.fill("#code", re.search(r"\w{4}-\w{4}-\w{4}", text)[0])
    other.keyboard.press("Enter")
    told = other.locator(".notice").inner_text() + other.locator(".rx-upright").inner_text()
    context.close()
    return [one for one in ("Genuine and in force.", "−2.25", "−1.50", "010") if one in told]


def test_plus_and_minus_step_and_a_figure_after_a_sign_begins_anew(shop, page):
    page.goto(f"/patients/{shop[2].per}/prescriptions/spectacle/new")
    page.locator("#right_sphere").focus()
    for key in ("-", "2", "Tab", "Shift+Tab", "-", "-"):
        page.keyboard.press(key)
    assert page.input_value("#right_sphere") == "-2.50"
    for key in ("+", "1", ".", "5", "ArrowDown"):
        page.keyboard.press(key)
    assert page.input_value("#right_sphere") == "+1.50"
    expect(page.locator("#left_sphere")).to_be_focused()
