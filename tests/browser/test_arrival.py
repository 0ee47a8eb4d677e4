"""People come in, in a browser: at the kiosk, with a keyboard alone, in Chinese, on a phone; and the desk sees them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cloud.arrival import kiosks
from cloud.queue import calling, queries, services
from cloud.queue.models import Stay
from tests.browser.looking import AXE, SIZES, until
from tests.browser.practice import Practice, open_practice
from tests.browser.test_every_page import SERIOUS
from tests.cloud.arrival.door_here import BORN, Doors
from tests.cloud.booking.practice_here import kind
from tests.cloud.queue.store_here import found

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with open_practice() as made:
        yield made


@pytest.fixture(scope="module")
def doors(practice: Practice) -> Doors:
    world = practice.world
    store = found(practice.engine, world)
    with store.work() as session:
        check = kind(session, world.pier.id, "arrival-check", 20, [(20, (0, 0), ["doctor"])])
        _screen, token = kiosks.open_(session, world.pier.id, "At the door", world.olivia.id)
        queries.kind(session, world.pier.id, "general").kiosk = True
        queries.kind(session, world.pier.id, "collection").kiosk = True
    made = Doors(None, practice.engine, world, store, token, check)  # type: ignore[arg-type]
    for patient in (world.grace, world.per):
        made.person(patient, birth_date=BORN)
    return made


@pytest.fixture
def page(practice: Practice, chromium: Browser) -> Iterator[Page]:
    made = practice.page(chromium, None)
    made.set_viewport_size({"width": 1080, "height": 1500})
    yield made
    complaints = [one for one in made.complaints if "status of 4" not in one]  # type: ignore[attr-defined]
    made.context.close()
    assert complaints == []


def start(page: Page, doors: Doors) -> None:
    page.goto(f"/kiosk/{doors.kiosk}")


def born(page: Page, day: str = "4", month: str = "5", year: str = "1980") -> None:
    for name, value in (("day", day), ("month", month), ("year", year)):
        page.locator(f"#{name}").fill(value)


def to(page: Page, selector: str) -> None:
    """Tab until it has the focus."""
    for _press in range(40):
        if page.evaluate("(which) => document.activeElement.matches(which)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached")


def last(doors: Doors) -> Stay:
    return doors.stays()[-1]


def test_somebody_with_an_appointment_touches_digits_and_gets_a_ticket(page: Page, doors: Doors):
    doors.booked()
    start(page, doors)
    page.get_by_role("link", name="I have an appointment").click()
    for digits in ("04", "05", "1980"):
        for digit in digits:
            page.get_by_role("button", name=digit, exact=True).click()
    page.locator("#who").fill("oka")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ticket")
    expect(page.locator(".ticket-large")).to_have_text("V001")
    expect(page.get_by_text("Next: Reception")).to_be_visible()
    assert "Okafor" not in page.content()
    page.get_by_role("link", name="Start again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")


def test_a_scanner_types_the_code_of_the_message(page: Page, doors: Doors):
    token = doors.link(doors.booked(patient=doors.world.per))
    start(page, doors)
    page.get_by_role("link", name="I have an appointment").click()
    page.locator("#code").focus()
    page.keyboard.type(f"https://emmetra.example/arrive/{token}")
    page.keyboard.press("Enter")  # the scanner's own
    expect(page.locator("#day")).to_be_focused()
    born(page)
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-large")).to_have_text("V002")


def test_somebody_without_an_appointment_in_chinese(page: Page, doors: Doors):
    start(page, doors)
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator("a[href*='walk-in']").click()
    page.get_by_role("button", name="取镜").click()
    expect(page.locator(".ticket-large")).to_have_text("C001")
    expect(page.get_by_text("配镜处")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_the_kiosk_by_keyboard_alone(page: Page, doors: Doors):
    start(page, doors)
    to(page, "a[href*='walk-in']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What brings you here?")
    to(page, "button[value=general]")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-large")).to_be_visible()
    expect(page.locator(".ticket-large")).to_have_text(last(doors).ticket)
    assert last(doors).ticket.startswith("A")


def test_whoever_is_not_found_is_sent_to_the_desk(page: Page, doors: Doors):
    start(page, doors)
    page.get_by_role("link", name="I have an appointment").click()
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("alert")).to_be_focused()
    born(page, year="1990")
    page.locator("#who").fill("nobody")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("See the desk")


def test_whoever_goes_away_leaves_the_start_page_behind(page: Page, doors: Doors):
    page.clock.install()
    start(page, doors)
    page.get_by_role("link", name="I have an appointment").click()
    page.locator("#who").fill("oka")
    page.clock.run_for(21_000)
    expect(page.get_by_role("timer")).to_contain_text("Back to the start in 9 s")
    page.locator("#day").fill("4")
    page.clock.run_for(1_000)
    expect(page.get_by_role("timer")).to_be_hidden()
    page.clock.run_for(31_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")


def test_every_target_of_the_kiosk_is_large(page: Page, doors: Doors):
    for tail in ("", "/visit", "/walk-in"):
        page.goto(f"/kiosk/{doors.kiosk}{tail}")
        boxes = [one.bounding_box() for one in page.locator("a:visible, button:visible, input:visible").all()]
        small = [box for box in boxes if box and box["y"] >= 0 and (box["height"] < 72 or box["width"] < 72)]
        assert small == []


def test_the_kiosk_without_scripts(practice: Practice, chromium: Browser, doors: Doors):
    page = practice.page(chromium, None, java_script_enabled=False)
    start(page, doors)
    page.get_by_role("link", name="I have no appointment").click()
    page.get_by_role("button", name="General").click()
    expect(page.locator(".ticket-large")).to_be_visible()
    expect(page.locator(".ticket-large")).to_have_text(last(doors).ticket)
    assert "meta http-equiv" in page.content()
    page.context.close()


def test_ones_own_place_changes_when_one_is_called_and_can_be_given_up(
    practice: Practice, chromium: Browser, doors: Doors
):
    with doors.work() as session:
        green = queries.kind(session, doors.world.pier.id, "green")
        stay, _step, token = services.arrive(session, green, by=doors.world.rosa.id)
    width, height = SIZES["phone"]
    page = practice.page(chromium, None, viewport={"width": width, "height": height})
    page.goto(f"/place/{token}")
    expect(page.get_by_text("Next: Doctor")).to_be_visible()
    with doors.work() as session:
        one = queries.InLine(queries.steps_of(session, [stay.id])[stay.id][0], stay)
        calling.this(session, one, doors.store.room(session, 3), by=doors.world.alice.id)
    expect(page.get_by_role("status")).to_contain_text(f"{stay.ticket}, go to Room 3")
    page.get_by_role("link", name="I have to go").click()
    page.get_by_role("link", name="Stay").click()
    page.get_by_role("link", name="I have to go").click()
    page.get_by_role("button", name="Give up my place").click()
    expect(page.get_by_text("This ticket is over")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


def test_the_desk_sees_somebody_arrive_and_registers_another(practice: Practice, chromium: Browser, doors: Doors):
    visit = doors.booked(patient=doors.world.per)
    page = practice.page(chromium, doors.world.rosa)
    page.goto("/arrivals")
    row = page.locator(f"[data-part=visit-{visit}]")
    row.get_by_role("button").click()
    page.wait_for_url("**/arrivals/*")
    expect(page.locator(".notice, .ticket-large").first).to_be_visible()
    page.goto("/arrivals")
    until(page, "() => document.querySelector('#live')?.dataset.stream === 'connected'")
    with doors.work() as session:
        general = queries.kind(session, doors.world.pier.id, "follow_up")
        stay, _step, _token = services.arrive(session, general, by=doors.world.rosa.id)
    expect(page.locator(f"[data-part=stay-{stay.id}]")).to_contain_text("F001")  # by itself
    page.goto("/arrivals/new")
    page.locator("#finder-words").fill("okafor")
    page.get_by_role("button", name="Choose Grace Okafor").click()
    page.get_by_label("Fitting").check()
    page.get_by_role("button", name="Give a ticket").click()
    expect(page.locator(".ticket-large")).to_have_text("B001")
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize(("locale", "scheme"), [("en-GB", "light"), ("zh-CN", "dark")])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nobody_is_shut_out_of_a_page_without_signing_in(
    practice: Practice, chromium: Browser, doors: Doors, size: str, locale: str, scheme: str
):
    with doors.work() as session:
        general = queries.kind(session, doors.world.pier.id, "follow_up")
        _stay, _step, place = services.arrive(session, general, by=doors.world.rosa.id)
    link = doors.link(doors.booked(patient=doors.world.per))
    width, height = SIZES[size]
    about = {"locale": locale, "color_scheme": scheme, "viewport": {"width": width, "height": height}}
    page = chromium.new_context(base_url=practice.address, **about).new_page()  # type: ignore[arg-type]
    kiosk, found = f"/kiosk/{doors.kiosk}", {}
    tails = ("", "/visit", "/walk-in", f"/ticket/{place}")
    for address in (*(kiosk + tail for tail in tails), f"/place/{place}", f"/place/{place}/leave", f"/arrive/{link}"):
        page.goto(f"{address}?lang={locale[:2]}")
        page.evaluate(AXE.read_text())
        found[address] = page.evaluate(SERIOUS), page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert {address: seen for address, seen in found.items() if seen != ([], width)} == {}


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nobody_is_shut_out_of_the_desks_pages(practice: Practice, chromium: Browser, doors: Doors, size: str):
    with doors.work() as session:
        general = queries.kind(session, doors.world.pier.id, "follow_up")
        stay, _step, _token = services.arrive(session, general, by=doors.world.rosa.id)
    doors.booked()
    width, height = SIZES[size]
    found = {}
    for who, addresses in (
        (doors.world.rosa, ("/arrivals", "/arrivals?q=nobody", "/arrivals/new?q=oka", f"/arrivals/{stay.id}?q=oka")),
        (doors.world.rosa, (f"/arrivals/new?patient={doors.world.grace}", f"/arrivals/{stay.id}/paper")),
        (doors.world.olivia, ("/arrivals", "/arrivals/new", "/arrivals/kiosks")),  # a store without stations
    ):
        page = practice.page(chromium, who, viewport={"width": width, "height": height})
        for address in addresses:
            page.goto(address)
            page.evaluate(AXE.read_text())
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[who.id, address] = page.evaluate(SERIOUS), wide, page.complaints  # type: ignore[attr-defined]
        page.context.close()
    assert {address: seen for address, seen in found.items() if seen != ([], width, [])} == {}
