"""A medicine from the doctor's room to somebody's hand, and back: browsers of the doctor, the pharmacy and the cashier.

Tilda works at the pharmacy; Rosa is the second person, and takes the money.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cloud.people import services as people
from tests.browser.floor import FITS, Floor, answer, at_work, fits, furnished, listed, listens, press, said
from tests.browser.practice import open_practice
from tests.cloud.loops.loops_here import CODE

pytestmark = pytest.mark.timeout(300)
LIST = "/loops/dispensary"
ANOTHER, EXPIRED = CODE.replace("L-7", "L-8"), CODE.replace("17301231", "17200131")


@pytest.fixture(scope="module")
def floor() -> Iterator[Floor]:
    with open_practice() as practice:
        made = furnished(practice)
        with made.store.work() as session:
            about = {"substance": "Penicillin", "severity": "severe", "by": practice.world.alice.id}
            people.note_allergy(session, practice.world.grace, **about)
        yield made


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


def looked(page: Page, medicine: int, word: str = "Passes the check") -> None:
    """The clinical check is passed, with everything looked at."""
    press(page, medicine, "Begin the check")
    press(page, medicine, word)
    page.locator("dialog[open]").get_by_label("I have looked at allergies").check()
    answer(page, word)


def pick(page: Page, medicine: int, code: str = CODE) -> None:
    """As a scanner does: it types, and ends with Enter."""
    press(page, medicine, "Pick")
    expect(page.get_by_label("Code of the box").locator("visible=true")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def hand_out(page: Page, medicine: int, number: str = "R-1", code: str = CODE) -> None:
    press(page, medicine, "Hand out")
    answer(page, "Hand out", Record_number=number, Code_of_the_box=code)


def test_from_the_room_into_the_hand_and_back(floor: Floor, alice: Page, tilda: Page, rosa: Page):
    floor.in_room()
    tilda.goto(LIST)
    listens(tilda)
    alice.goto(f"/stations/{floor.stations['doctor']}")
    alice.get_by_role("link", name="Medicines").click()
    alice.get_by_label("Name and strength").fill("Fluorometholone 0.1 %")
    alice.get_by_label("How it is used").fill("1 drop, 4 times a day")
    alice.get_by_label("Price in EUR").fill("12.50")
    alice.get_by_role("button", name="Send to the dispensary").click()
    expect(said(alice)).to_contain_text("1 medicine is at the dispensary.")

    drops = floor.last()
    expect(listed(tilda, drops)).to_contain_text("Fluorometholone 0.1 %")  # by itself
    press(tilda, drops, "Begin the check")
    expect(listed(tilda, drops)).to_contain_text("Penicillin")
    press(tilda, drops, "Passes the check, to be paid")
    answer(tilda, "Passes the check, to be paid")
    expect(said(tilda)).to_contain_text("Say first that it was looked at.")
    press(tilda, drops, "Passes the check, to be paid")
    tilda.locator("dialog[open]").get_by_label("I have looked at allergies").check()
    answer(tilda, "Passes the check, to be paid")
    expect(listed(tilda, drops)).to_contain_text("€12.50")
    listens(tilda)
    rosa.goto(f"/stations/{floor.stations['cashier']}")
    rosa.get_by_role("button", name="Call next").click()
    rosa.get_by_role("button", name="Take 12.50 EUR").click()
    rosa.get_by_role("button", name="It was taken").click()
    expect(listed(tilda, drops)).to_contain_text("To be picked")  # by itself
    pick(tilda, drops)
    expect(listed(tilda, drops)).to_contain_text("lot L-7, until 2030-12-31")
    expect(listed(tilda, drops)).to_contain_text("You picked it: somebody else has to check it.")

    rosa.goto(LIST)
    expect(listed(rosa, drops)).to_contain_text("picked by Tilda Nowak")
    press(rosa, drops, "Second check is good")
    press(rosa, drops, "Label is on it")
    listed(rosa, drops).get_by_role("link", name="Label").click()
    expect(rosa.get_by_role("main")).to_contain_text("1 drop, 4 times a day")
    rosa.get_by_role("link", name="Back to the dispensary").click()
    hand_out(rosa, drops)
    press(rosa, drops, "Explained")
    press(rosa, drops, "Close")
    gone = rosa.get_by_role("region", name="Handed out in the last 30 days")
    expect(gone).to_contain_text("Fluorometholone 0.1 %")

    press(rosa, drops, "Came back")
    answer(rosa, "Came back", Reason="Too strong")
    expect(listed(rosa, drops)).to_contain_text("Too strong")
    press(rosa, drops, "Inspected")
    press(rosa, drops, "Destroyed")
    answer(rosa, "Destroyed", Reason="Opened")
    expect(listed(rosa, drops)).to_have_count(0)
    assert floor.state(drops) == "destroyed"


def test_who_picked_it_is_refused_as_the_second_person(floor: Floor, tilda: Page, rosa: Page, chromium: Browser):
    drops = floor.in_room().medicine()
    tilda.goto(LIST)
    looked(tilda, drops)
    rosa.goto(LIST)
    pick(rosa, drops)
    expect(listed(rosa, drops)).to_contain_text("You picked it")
    old = floor.open(chromium, floor.tilda, java_script_enabled=False)  # a window that hears no news
    old.goto(LIST)
    press(rosa, drops, "Pick again")
    tilda.goto(LIST)
    pick(tilda, drops)
    expect(listed(tilda, drops)).to_contain_text("You picked it")
    expect(listed(tilda, drops).get_by_role("button", name="Second check is good")).to_have_count(0)
    press(old, drops, "Second check is good")
    expect(said(old)).to_contain_text("A second person has to check this: not the one who picked it.")
    assert floor.state(drops) == "picked"
    rosa.goto(LIST)
    press(rosa, drops, "Second check is good")
    expect(listed(rosa, drops)).to_contain_text("Checked twice")
    old.context.close()
    assert floor.state(drops) == "second_check"


@pytest.mark.parametrize(("code", "words"), [("4006381333931", "That is no code with lot"), (EXPIRED, "has expired")])
def test_a_box_that_nobody_can_read_or_that_expired_is_not_picked(floor: Floor, tilda: Page, code: str, words: str):
    drops = floor.in_room().medicine()
    tilda.goto(LIST)
    looked(tilda, drops)
    pick(tilda, drops, code)
    expect(said(tilda)).to_contain_text(words)
    expect(listed(tilda, drops)).to_contain_text("To be picked")
    assert floor.state(drops) == "reserved"


def test_another_box_or_another_patient_gets_nothing(floor: Floor, tilda: Page, rosa: Page):
    drops = floor.in_room().medicine()
    tilda.goto(LIST)
    looked(tilda, drops)
    pick(tilda, drops)
    expect(listed(tilda, drops)).to_contain_text("Waits for the second check")
    rosa.goto(LIST)
    press(rosa, drops, "Second check is good")
    press(rosa, drops, "Label is on it")
    hand_out(rosa, drops, code=ANOTHER)
    expect(said(rosa)).to_contain_text("That is not the box that was picked. Nothing was handed out.")
    hand_out(rosa, drops, number="R-2")
    expect(said(rosa)).to_contain_text("That is not this patient")
    expect(listed(rosa, drops)).to_contain_text("Labelled")
    assert floor.state(drops) == "labelled"


def test_the_pharmacy_on_a_phone(floor: Floor, chromium: Browser):
    """Everything of it with a finger, nothing to scroll sideways."""
    loop = floor.in_room()
    doctor = floor.open(chromium, floor.practice.world.alice, "phone")
    doctor.goto(f"/steps/{loop.step}/medicines")
    assert fits(doctor) == FITS
    drops = loop.medicine("Fluorometholone 0.1 % eye drops, suspension, 5 ml", dose="1 drop, right eye, 4 times a day")
    first, second = doctor, floor.open(chromium, floor.practice.world.rosa, "phone")
    first.goto(LIST)
    assert fits(first) == FITS
    press(first, drops, "Begin the check")
    press(first, drops, "Passes the check")
    assert fits(first) == FITS
    first.locator("dialog[open]").get_by_label("I have looked at allergies").check()
    answer(first, "Passes the check")
    press(first, drops, "Pick")
    assert fits(first) == FITS
    answer(first, "Pick", Lot="L-7", Expiry_date="2099-12-31")
    expect(listed(first, drops)).to_contain_text("lot L-7, until 2099-12-31")
    assert fits(first) == FITS
    second.goto(LIST)
    press(second, drops, "Second check is good")
    press(second, drops, "Label is on it")
    press(second, drops, "Hand out")
    assert fits(second) == FITS
    answer(second, "Hand out", Record_number=loop.ticket, Code_of_the_box="L-7")
    press(second, drops, "Explained")
    press(second, drops, "Close")
    press(second, drops, "Came back")
    assert fits(second) == FITS
    answer(second, "Came back", Reason="Too strong")
    expect(listed(second, drops)).to_contain_text("Came back")
    assert (fits(second), floor.state(drops)) == (FITS, "returned")
    assert first.complaints + second.complaints == []  # type: ignore[attr-defined]
    for page in (first, second):
        page.context.close()
