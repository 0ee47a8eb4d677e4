"""A clinician's morning in a real browser, with the real cloud, gateway and simulated instruments behind it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cloud.web.notation import axis, cylinder, sphere
from deploy.demo.seeding import PASSWORD
from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from tests.journeys.desk import Desk, open_desk

ALICE, OLIVIA, CHARLIE = "alice@harbour.example", "olivia@harbour.example", "charlie@hillside.example"
GRACE = "H-1001"
EYES = Patient(right=Eye(sphere=-2.25, cylinder=-0.75, axis=80), left=Eye(sphere=1.5, cylinder=-1.25, axis=5), pd_mm=62)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


@pytest.fixture
def page(desk: Desk, chromium: Browser) -> Iterator[Page]:
    """A page on which nothing may go wrong unnoticed."""
    context = chromium.new_context(base_url=desk.address, locale="en-GB")
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda failure: page.complaints.append(str(failure)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective))"
    )
    yield page
    context.close()
    assert page.complaints == []  # type: ignore[attr-defined]


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(r"/sign-in($|\?)"))


def open_chart(page: Page, desk: Desk, record: str = GRACE) -> None:
    page.goto(f"/patients/{desk.patient(record)}")
    page.wait_for_selector("#live[data-shown=connected]")


def cells(card: Locator, eye: str) -> list[str]:
    """The column of an eye, from the top."""
    heads = card.locator("table.eyes thead th").all_inner_texts()
    rows = card.locator("table.eyes tbody tr").all()
    return [row.locator("td").nth(heads.index(eye)).inner_text() for row in rows]


def written(value: Refraction) -> list[Any]:
    return [sphere(value.sphere), cylinder(value.cylinder), axis(value.axis)]


def test_signing_in_leads_to_today(page):
    sign_in(page, ALICE)

    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_text("Lane 1")).to_be_visible()


def test_signing_in_with_a_one_time_code_and_not_without(page, desk):
    sign_in(page, OLIVIA)
    expect(page.get_by_role("heading", level=1)).to_have_text("One-time code")
    page.goto("/patients")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    sign_in(page, OLIVIA)
    page.get_by_label("Code from your authenticator app").fill(pyotp.TOTP(desk.told["totp_secret"]).now())
    page.keyboard.press("Enter")
    expect(page.locator("summary .user-name")).to_have_text("Olivia Berg")


def test_a_print_appears_in_the_open_chart_with_both_eyes_exactly_and_is_accepted_by_keyboard(page, desk):
    sign_in(page, ALICE)
    page.get_by_role("combobox", name="Search").fill("Okafor")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Okafor").click()
    page.wait_for_selector("#live[data-shown=connected]")
    page.evaluate("window.sameDocument = true")

    printed = desk.bench.print("ark", GRACE, EYES)
    arrived = {one.get("condition") or one["kind"]: one["reading_id"] for one in desk.arrived(printed.raw)}
    day = page.locator(f"#reading-{arrived['day']}")
    expect(day).to_be_visible()
    assert page.evaluate("window.sameDocument"), "the page was loaded anew"
    measured = printed.measured
    assert cells(day, "OD")[:3] == written(measured.right.representative)
    assert cells(day, "OS")[:3] == written(measured.left.representative)
    night = page.locator(f"#reading-{arrived['night']}")
    assert cells(night, "OD")[:3] == written(measured.right.night)
    assert cells(night, "OS")[:3] == written(measured.left.night)
    keratometry = page.locator(f"#reading-{arrived['keratometry']}")
    for radius in (measured.right.cornea.representative.r1_mm, measured.left.cornea.representative.r2_mm):
        expect(keratometry).to_contain_text(f"{Decimal(radius):.2f}")

    accept = day.get_by_role("button", name="Accept")
    accept.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#reading-{arrived['day']}")).to_contain_text("Accepted")
    expect(page.locator(f"#reading-{arrived['night']}")).not_to_contain_text("Accepted")


def test_what_the_page_holds_stays_while_news_arrives_and_changes_when_somebody_else_decides(page, desk):
    sign_in(page, ALICE)
    first = desk.arrived(desk.bench.print("ark", GRACE, EYES).raw)[0]["reading_id"]
    open_chart(page, desk)
    values = cells(page.locator(f"#reading-{first}"), "OD")
    page.evaluate("id => (window.kept = document.getElementById(id))", f"reading-{first}")

    second = desk.arrived(desk.bench.print("ark", GRACE, EYES).raw)[0]["reading_id"]
    expect(page.locator(f"#reading-{second}")).to_be_visible()
    assert page.evaluate("id => window.kept === document.getElementById(id)", f"reading-{first}")
    assert cells(page.locator(f"#reading-{first}"), "OD") == values
    expect(page.locator("[data-held]")).to_have_count(0)

    colleague = desk.sign_in(ALICE)
    colleague.press(colleague.get(f"/patients/{desk.patient(GRACE)}"), f"{first}/decide", verdict="accepted")
    expect(page.locator(f"#reading-{first}")).to_contain_text("Accepted")


def test_whoever_is_seated_by_key_gets_the_next_print_of_the_lane(page, desk):
    sign_in(page, ALICE)
    open_chart(page, desk, "H-1004")
    page.keyboard.press("1")
    expect(page.get_by_text("In the chair at Lane 1")).to_be_visible()
    page.wait_for_selector("#live[data-shown=connected]")

    printed = desk.bench.print("tonoref", "", EYES)
    for one in desk.arrived(printed.raw):
        expect(page.locator(f"#reading-{one['reading_id']}")).to_be_visible()
    page.get_by_role("button", name="Leaves the chair").click()
    expect(page.get_by_text("In the chair at Lane 1")).to_have_count(0)


def test_the_language_switch_speaks_chinese_and_keeps_the_numbers(page, desk):
    printed = desk.bench.print("ark", GRACE, EYES)
    day = next(one["reading_id"] for one in desk.arrived(printed.raw) if one.get("condition") == "day")
    sign_in(page, ALICE)
    open_chart(page, desk)
    before = cells(page.locator(f"#reading-{day}"), "OD")

    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator(f"#reading-{day}").get_by_role("button", name="接受")).to_be_visible()
    assert cells(page.locator(f"#reading-{day}"), "OD") == before

    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_another_chain_sees_nothing_by_page_by_api_and_by_sql(page, desk):
    printed = desk.bench.print("ark", GRACE, EYES)
    first, grace = desk.arrived(printed.raw)[0]["reading_id"], desk.patient(GRACE)
    sign_in(page, CHARLIE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_text("Nothing arrived yet")).to_be_visible()
    hers = (f"/patients/{grace}", f"/readings/{first}", f"/readings/{first}.bin", f"/api/v1/readings/{first}")
    assert {path: page.request.get(path).status for path in hers} == dict.fromkeys(hers, 404)
    assert page.request.get("/api/v1/tray").json() == {"readings": []}
    page.goto("/patients?q=Okafor")
    expect(page.get_by_role("link", name="Grace")).to_have_count(0)
    expect(page.get_by_text(GRACE)).to_have_count(0)

    assert [row.role for row in desk.rows("SELECT current_user AS role", chain="hillside")] == ["emmetra_app"]
    for table in ("readings_reading", "readings_capture", "readings_filing", "people_patient", "fleet_instrument"):
        assert desk.rows(f"SELECT 1 FROM {table}", chain="hillside") == []
        assert desk.rows(f"SELECT 1 FROM {table}", chain="harbour") != []


def test_a_page_of_another_chain_does_not_move_when_we_print(page, desk):
    sign_in(page, CHARLIE)
    page.wait_for_selector("#live[data-shown]")
    page.evaluate("window.heard = []; document.addEventListener('htmx:beforeRequest', () => heard.push(1))")

    desk.arrived(desk.bench.print("ark", GRACE, EYES).raw)
    page.wait_for_timeout(500)

    assert page.evaluate("window.heard") == []
