"""A doctor calls, a screen across the room shows it, a check-up and a cashier work their lists: Chromium, all of it."""

import pytest
from playwright.sync_api import expect

from cloud.calls import screens
from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services
from tests.browser.practice import open_practice
from tests.cloud.queue import store_here

HEIGHT_40_INCH_MM, METRES, NEEDED_MM = 498, 6, 30  # letters of a two-hundredth of the distance


@pytest.fixture(scope="module")
def practice():
    with open_practice() as practice:
        yield practice


@pytest.fixture(scope="module")
def store(practice):
    return store_here.found(practice.engine, practice.world)


@pytest.fixture
def wall(practice, store, chromium):
    """A television at 1080p in the waiting room."""
    with store.work() as session:
        _one, token = screens.open_(session, store.world.pier.id, "screen", "Hall", by=store.world.olivia.id)
    page = practice.page(chromium, None, viewport={"width": 1920, "height": 1080})
    page.goto(f"/screen/{token}")
    yield page
    page.context.close()


@pytest.fixture
def alice(practice, chromium):
    page = practice.page(chromium, practice.world.alice)
    yield page
    page.context.close()


@pytest.fixture(autouse=True)
def _empty(store):
    """Whoever a test before has left goes home."""
    yield
    with store.work() as session:
        for stay in queries.stays(session, store.world.pier.id, queries.today(session, store.world.pier.id)):
            if stay.state == "here":
                services.leave(session, stay, by=None)


def waits(store, **told):
    with store.work() as session:
        number = store.at_doctor(session, **told)
        return store.step(session, number).stay.ticket


def test_call_next_by_key_is_on_the_wall_and_the_doctor_sees_it(store, alice, wall):
    ticket = waits(store, patient_id=store.world.grace)
    alice.goto(f"/stations/{store.stations['doctor']}")
    expect(alice.locator("#line")).to_contain_text(ticket)
    alice.keyboard.press("n")
    wall.wait_for_selector(f".newest >> text={ticket}")
    expect(alice.locator(".fates")).to_contain_text("shown")

    assert "Doctor" in wall.inner_text(".newest .door")
    assert "Grace" not in wall.content()
    assert (wall.complaints, alice.complaints) == ([], [])


def test_what_matters_on_the_wall_is_readable_at_six_metres(store, alice, wall):
    tickets = [waits(store) for _ in range(9)]
    with store.work() as session:
        store.room(session, 3)
    alice.goto(f"/stations/{store.stations['doctor']}?desk={_room(store)}")
    for _turn in range(6):
        alice.get_by_role("button", name="Call next").click()
        alice.wait_for_load_state()
    expect(wall.locator(".call")).to_have_count(6)
    heights = wall.evaluate(
        """() => Object.fromEntries(['.newest .number', '.call:not(.newest) .number', '.newest .door', '.next'].map(
            (one) => [one, parseFloat(getComputedStyle(document.querySelector(one)).fontSize) / innerHeight]))"""
    )
    millimetres = {one: share * HEIGHT_40_INCH_MM * 0.72 for one, share in heights.items()}  # capitals of the font

    assert millimetres[".newest .number"] >= 2.5 * NEEDED_MM
    assert millimetres[".newest .door"] >= NEEDED_MM
    assert millimetres[".call:not(.newest) .number"] >= 0.9 * NEEDED_MM
    inside = wall.evaluate("() => [document.documentElement.scrollHeight, innerHeight]")
    assert inside[0] <= inside[1]
    assert wall.locator(".next").first.inner_text() in tickets


def _room(store):
    with store.work() as session:
        return store.room(session, 3).id


def test_a_wall_that_lost_the_line_says_so_and_comes_back(store, alice, wall):
    ticket = waits(store)
    wall.context.set_offline(True)
    expect(wall.locator("#lost")).to_be_visible(timeout=60_000)
    alice.goto(f"/stations/{store.stations['doctor']}?desk={_room(store)}")
    alice.get_by_role("button", name="Call next").click()
    wall.context.set_offline(False)
    wall.wait_for_selector(f".newest >> text={ticket}")
    expect(wall.locator("#lost")).to_be_hidden()


def test_reception_to_cashier_by_hand(store, practice, chromium):
    """Rosa takes somebody in, hands them on to the cashier, takes the fee there: every list is live."""
    with store.work() as session:
        kind = queries.kind(session, store.world.pier.id, "general")
        kind.fee = 1250
        session.flush()
        stay, _step = store.come(session, patient_id=store.world.per)
    rosa = practice.page(chromium, practice.world.rosa)
    rosa.goto(f"/stations/{store.stations['reception']}")
    rosa.get_by_role("button", name="Call next").click()
    rosa.get_by_role("button", name="Is here").click()
    expect(rosa.locator("#line")).to_contain_text("Being served")
    rosa.get_by_role("button", name="More").click()
    rosa.locator("dialog[open]").get_by_label("Station").first.select_option(str(store.stations["cashier"]))
    rosa.get_by_role("button", name="Hand on").click()
    expect(rosa.locator("main")).to_contain_text("waits at the other station")
    rosa.goto(f"/stations/{store.stations['cashier']}")
    expect(rosa.locator("#line")).to_contain_text(stay.ticket)
    rosa.get_by_role("button", name="Call now").click()
    rosa.get_by_role("button", name="Take 12.50 EUR").click()
    rosa.get_by_role("button", name="It was taken").click()
    expect(rosa.locator("main")).to_contain_text("payment is written down")
    rosa.get_by_role("button", name="Is here").click()
    expect(rosa.locator("#line")).to_contain_text("Being served")
    rosa.get_by_role("button", name="Done").click()
    expect(rosa.locator("main")).to_contain_text("Nobody is called")
    with store.work() as session:
        assert queries.stay(session, stay.id, store.world.pier.id).state == "done"
        queries.kind(session, store.world.pier.id, "general").fee = 0
    rosa.context.close()


def test_the_board_changes_while_one_looks(store, alice):
    alice.goto("/stations")
    ticket = waits(store)
    expect(alice.locator("#board")).to_contain_text(ticket)
    with unit_of_work(store.engine, store.world.one) as session:
        [one] = [row for row in queries.open_steps(session, [store.stations["doctor"]]) if row.stay.ticket == ticket]
        services.leave(session, one.stay, by=store.world.rosa.id)
    expect(alice.locator("#board")).not_to_contain_text(ticket)
