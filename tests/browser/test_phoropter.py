"""Lensmeter and autorefractor values, sent from the chart into a real gateway's simulated phoropter."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import ALICE, EYES, desk, open_chart, page, sign_in
from tests.journeys.desk import Desk, until

__all__ = ["desk", "page"]

ASLEEP = "no answer from the phoropter in 10 s"
PATIENCE = 20_000
RECORD = "H-1003"


@pytest.fixture
def phoropter(desk: Desk) -> Iterator[object]:
    """The RT-5100 of lane 1, awake and with an empty screen."""
    rt = desk.bench.instruments["rt"]
    rt.asleep, rt.screen, rt.memory = False, {}, {}
    yield rt
    rt.asleep = False


def measured(desk: Desk) -> dict[str, str]:
    """Her spectacles and her eyes, by kind, as their readings are called; a lensmeter knows nobody's number."""
    said = [*desk.arrived(desk.bench.print("lensmeter", "", EYES).raw)]
    alice = desk.sign_in(ALICE)
    patient = desk.patient(RECORD)
    alice.press(alice.get(f"/patients/{patient}"), f"{said[0]['reading_id']}/file?patient_id={patient}")
    said += desk.arrived(desk.bench.print("ark", RECORD, EYES).raw)
    return {one.get("condition") or one["kind"]: one["reading_id"] for one in said}


def test_lensmeter_and_autorefractor_values_stand_on_the_screen_and_the_page_says_taken(page: Page, desk, phoropter):
    arrived = measured(desk)
    sign_in(page, ALICE)
    open_chart(page, desk, RECORD)
    section = page.get_by_role("region", name="Phoropter")
    chosen = section.locator("input[name=reading]:checked").evaluate_all("all => all.map(one => one.value)")
    assert set(chosen) == {arrived["lensmetry"], arrived["day"]}
    section.get_by_role("button", name="Send to phoropter").click()
    page.wait_for_selector("#live[data-shown=connected]")
    page.evaluate("window.sameDocument = true")

    order = page.locator("#phoropter-orders")
    expect(order).to_contain_text("Taken", timeout=PATIENCE)
    expect(order).to_contain_text("take it over there")
    assert page.evaluate("window.sameDocument"), "the page was loaded anew"
    until(lambda: phoropter.screen)
    assert phoropter.screen["patient"] == RECORD
    for place, reading in (("IN+LM", arrived["lensmetry"]), ("IN+AR", arrived["day"])):
        said = page.request.get(f"/api/v1/readings/{reading}").json()["reading"]
        for side in ("right", "left"):
            shown = phoropter.screen[place][side]
            for name in ("sphere", "cylinder", "axis"):
                assert Decimal(shown[name]) == Decimal(said[side][name]), (place, side, name)


def test_a_sleeping_phoropter_is_said_to_sleep_and_another_try_succeeds_once_it_wakes(page: Page, desk, phoropter):
    measured(desk)
    phoropter.asleep = True
    sign_in(page, ALICE)
    open_chart(page, desk, RECORD)
    page.get_by_role("button", name="Send to phoropter").click()
    page.wait_for_selector("#live[data-shown=connected]")
    order = page.locator("#phoropter-orders")
    expect(order).to_contain_text(re.compile("Queued|Sent"))
    expect(order).to_contain_text("Failed", timeout=PATIENCE)
    expect(order).to_contain_text(ASLEEP)
    assert phoropter.screen == {}

    phoropter.asleep = False
    order.get_by_role("button", name="Try again").click()
    expect(page.locator("#phoropter-orders")).to_contain_text("Taken", timeout=PATIENCE)
    until(lambda: phoropter.screen)
    assert phoropter.screen["patient"] == RECORD


def test_a_second_order_is_not_sent_while_the_first_is_open(page: Page, desk, phoropter):
    measured(desk)
    phoropter.asleep = True
    sign_in(page, ALICE)
    open_chart(page, desk, RECORD)
    page.get_by_role("button", name="Send to phoropter").click()
    page.wait_for_selector("#live[data-shown=connected]")
    page.get_by_role("button", name="Send to phoropter").click()

    expect(page.get_by_text("Nothing more was sent")).to_be_visible()
    expect(page.locator("#phoropter-orders")).to_contain_text("Failed", timeout=PATIENCE)
