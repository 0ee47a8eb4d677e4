"""A test from the doctor's room to the patient who knows: browsers of the doctor, the technician and the cashier."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.floor import FITS, TYPED, Floor, answer, at_work, fits, furnished, listed, listens, press, said, to
from tests.browser.practice import open_practice

pytestmark = pytest.mark.timeout(300)
LIST = "/loops/check-up"


@pytest.fixture(scope="module")
def floor() -> Iterator[Floor]:
    with open_practice() as practice:
        yield furnished(practice)


@pytest.fixture(autouse=True)
def _empty(floor: Floor) -> Iterator[None]:
    yield
    floor.empty()


@pytest.fixture
def alice(floor: Floor, chromium: Browser) -> Iterator[Page]:
    yield from at_work(floor, chromium, floor.practice.world.alice)


@pytest.fixture
def tilda(floor: Floor, chromium: Browser) -> Iterator[Page]:
    yield from at_work(floor, chromium, floor.tilda)


@pytest.fixture
def rosa(floor: Floor, chromium: Browser) -> Iterator[Page]:
    yield from at_work(floor, chromium, floor.practice.world.rosa)


def identify(page: Page, task: int, number: str = "R-1", born: str = "1958-04-04") -> None:
    press(page, task, "Identify")
    answer(page, "Identify", Record_number=number, Birth_date=born)


def test_from_the_room_to_the_instrument_and_back_into_the_room(floor: Floor, alice: Page, tilda: Page):
    ticket = floor.in_room().ticket
    tilda.goto(LIST)
    listens(tilda)
    alice.goto(f"/stations/{floor.stations['doctor']}")
    alice.get_by_role("link", name="Order tests").click()
    alice.get_by_label("Autorefraction", exact=True).check()
    alice.get_by_label("Remark for Autorefraction").fill("before drops")
    alice.get_by_role("button", name="Order and send to the check-up").click()
    expect(said(alice)).to_contain_text("1 test is ordered.")
    expect(alice.locator("#line")).to_contain_text("At tests")

    test = floor.last()
    expect(listed(tilda, test)).to_contain_text("Waits")  # by itself
    expect(listed(tilda, test)).to_contain_text("before drops")
    tilda.get_by_role("link", name="Call people").click()
    tilda.get_by_role("button", name="Call next").click()
    expect(said(tilda)).to_contain_text(f"{ticket} is called.")
    tilda.get_by_role("button", name="Is here").click()
    tilda.get_by_role("link", name="Tests to be done").click()
    identify(tilda, test)
    expect(listed(tilda, test)).to_contain_text("Identified")
    press(tilda, test, "Begin")
    tilda.locator("dialog[open]").get_by_label("The right eye is chosen").check()
    tilda.locator("dialog[open]").get_by_label("Drops, lenses and allergies were asked").check()
    answer(tilda, "Begin")
    expect(listed(tilda, test)).to_contain_text("Being measured")
    listens(tilda)
    floor.measured(test)
    expect(listed(tilda, test)).to_contain_text("Result is here")  # by itself
    press(tilda, test, "Result is good")
    press(tilda, test, "Publish")
    expect(listed(tilda, test)).to_have_count(0)

    expect(alice.locator("#line")).to_contain_text("Back from tests")  # by itself
    alice.goto("/loops/results")
    expect(listed(alice, test)).to_contain_text("Published")
    listed(alice, test).get_by_role("link", name="Open the readings").click()
    expect(alice.get_by_role("main")).to_contain_text("−1.75")
    alice.goto("/loops/results")
    press(alice, test, "Seen")
    press(alice, test, "Told to the patient")
    answer(alice, "Told to the patient", How_it_was_told="in person")
    expect(listed(alice, test)).to_have_count(0)
    alice.goto("/loops")
    press(alice, test, "Close")
    expect(listed(alice, test)).to_have_count(0)
    assert floor.state(test) == "closed"


def test_what_is_refused_is_said_and_changes_nothing(floor: Floor, tilda: Page):
    [test] = floor.in_room().tests("autorefraction")
    tilda.goto(LIST)
    identify(tilda, test, number="R-2")
    expect(said(tilda)).to_contain_text("That is not this patient")
    expect(listed(tilda, test)).to_contain_text("Waits")
    identify(tilda, test, born="1958-04-05")
    expect(said(tilda)).to_contain_text("That is not this patient")
    identify(tilda, test)
    press(tilda, test, "Begin")
    answer(tilda, "Begin")
    expect(said(tilda)).to_contain_text("Say first that it was looked at.")
    expect(listed(tilda, test)).to_contain_text("Identified")
    press(tilda, test, "Begin")
    tilda.locator("dialog[open]").get_by_label("The right eye is chosen").check()
    tilda.locator("dialog[open]").get_by_label("Drops, lenses and allergies were asked").check()
    answer(tilda, "Begin")
    press(tilda, test, "Result is here")
    expect(said(tilda)).to_contain_text("No result has come home yet.")
    assert floor.state(test) == "in_progress"


def test_an_order_of_nothing_is_refused_beside_the_form(floor: Floor, alice: Page):
    floor.in_room()
    alice.goto(f"/stations/{floor.stations['doctor']}")
    alice.get_by_role("link", name="Order tests").click()
    alice.get_by_label("Price of Tonometry in EUR").fill("12")
    alice.get_by_role("button", name="Order and send to the check-up").click()
    expect(alice.get_by_role("alert")).to_contain_text("Choose at least one")
    expect(alice.get_by_label("Price of Tonometry in EUR")).to_have_value("12")
    alice.complaints.clear()  # type: ignore[attr-defined]  # the 422 itself


def test_the_whole_of_it_by_keyboard_alone(floor: Floor, alice: Page, tilda: Page):
    ticket = floor.in_room().ticket
    alice.goto(f"/stations/{floor.stations['doctor']}")
    to(alice, "a[href$='/tests']")
    alice.keyboard.press("Enter")
    to(alice, "input[value=autorefraction]")
    alice.keyboard.press("Space")
    alice.keyboard.press("Enter")
    expect(alice.locator("#line")).to_contain_text("At tests")

    test = floor.last()
    tilda.goto(f"/stations/{floor.stations['check_up']}")
    tilda.keyboard.press("n")
    expect(said(tilda)).to_contain_text(f"{ticket} is called.")
    tilda.goto(LIST)
    to(tilda, f"#press-{test}-identified")
    tilda.keyboard.press("Enter")
    expect(tilda.get_by_label("Record number or ticket")).to_be_focused()
    tilda.keyboard.type("r-1")
    tilda.keyboard.press("Tab")
    tilda.keyboard.type(TYPED)
    tilda.keyboard.press("Enter")
    expect(listed(tilda, test)).to_contain_text("Identified")
    tilda.keyboard.press("Tab")  # on from where the test stands, not from the top of the page
    expect(tilda.locator(f"#press-{test}-in_progress")).to_be_focused()
    tilda.keyboard.press("Enter")
    for _tick in ("eye", "drops"):
        to(tilda, "dialog[open] [type=checkbox]:not(:checked)")
        tilda.keyboard.press("Space")
    tilda.keyboard.press("Enter")
    expect(listed(tilda, test)).to_contain_text("Being measured")
    listens(tilda)
    floor.measured(test)
    for deed in ("validated", "published"):
        to(tilda, f"#press-{test}-{deed}")
        tilda.keyboard.press("Enter")
    expect(listed(tilda, test)).to_have_count(0)

    alice.goto("/loops/results")
    to(alice, f"#press-{test}-seen")
    alice.keyboard.press("Enter")
    expect(listed(alice, test)).to_contain_text("Seen by the orderer")
    to(alice, f"#press-{test}-told")
    alice.keyboard.press("Enter")
    alice.keyboard.type("in person")
    alice.keyboard.press("Enter")
    expect(listed(alice, test)).to_have_count(0)
    assert floor.state(test) == "told"


def test_news_takes_the_focus_from_nobody(floor: Floor, tilda: Page):
    loop = floor.in_room()
    [test] = loop.tests("autorefraction")
    tilda.goto(LIST)
    listens(tilda)
    tilda.locator(f"#press-{test}-identified").focus()
    [other] = loop.tests("tonometry")
    expect(listed(tilda, other)).to_be_visible()
    expect(tilda.locator(f"#press-{test}-identified")).to_be_focused()


def test_what_costs_waits_for_the_cashier_and_goes_on_by_itself(floor: Floor, tilda: Page, rosa: Page):
    loop = floor.in_room()
    [test] = loop.tests("autorefraction", amount=4500)
    tilda.goto(LIST)
    listens(tilda)
    expect(listed(tilda, test)).to_contain_text("To be paid")
    expect(listed(tilda, test)).to_contain_text("€45.00")
    expect(listed(tilda, test).get_by_role("button", name="Identify")).to_have_count(0)
    rosa.goto(f"/stations/{floor.stations['cashier']}")
    rosa.get_by_role("button", name="Call next").click()
    rosa.get_by_role("button", name="Take 45.00 EUR").click()
    rosa.get_by_role("button", name="It was taken").click()
    expect(said(rosa)).to_contain_text("the payment is written down")
    expect(listed(tilda, test)).to_contain_text("Waits")  # by itself
    identify(tilda, test, number=loop.ticket)
    expect(listed(tilda, test)).to_contain_text("Identified")
    assert floor.owes(loop.stay).due == 0


def test_an_emergency_passes_unpaid_with_a_reason_and_owes_still(floor: Floor, tilda: Page):
    loop = floor.in_room()
    [test] = loop.tests("autorefraction", amount=4500)
    tilda.goto(LIST)
    press(tilda, test, "Let pass unpaid")
    answer(tilda, "Let pass", Reason="  ")
    expect(said(tilda)).to_contain_text("This needs a reason. Nothing was changed.")
    expect(listed(tilda, test)).to_contain_text("To be paid")
    press(tilda, test, "Let pass unpaid")
    answer(tilda, "Let pass", Reason="Acute glaucoma")
    expect(listed(tilda, test)).to_contain_text("Waits")
    identify(tilda, test)
    expect(listed(tilda, test)).to_contain_text("Identified")
    owed = floor.owes(loop.stay)
    assert (owed.due, owed.passed) == (4500, "Acute glaucoma")


def test_a_phone_is_wide_enough_and_a_finger_meets_everything(floor: Floor, chromium: Browser):
    loop = floor.in_room()
    [test] = loop.tests("autorefraction", remark="before drops")
    [unpaid] = loop.tests("biometry", amount=4500)
    phone = floor.open(chromium, floor.practice.world.alice, "phone")
    phone.goto(LIST)
    assert fits(phone) == FITS
    for number, deed in ((test, "identified"), (test, "refused"), (unpaid, "pass")):
        phone.locator(f"#press-{number}-{deed}").click()
        assert fits(phone) == FITS
        phone.locator("dialog[open]").get_by_role("button", name="Leave it").click()
    phone.goto(f"/steps/{loop.step}/tests")
    phone.get_by_label("Tonometry", exact=True).check()
    assert fits(phone) == FITS
    for address in ("/loops", "/loops/results"):
        phone.goto(address)
        assert fits(phone) == FITS
    assert phone.complaints == []  # type: ignore[attr-defined]
    phone.context.close()
