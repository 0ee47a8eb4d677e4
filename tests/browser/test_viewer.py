"""The viewer as a person works with it: slices by wheel and keys, two dates, flicker, a distance, all by keys too."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from cloud.imaging.models import Mark
from cloud.kernel.database import unit_of_work
from tests.browser.looking import AXE
from tests.browser.practice import Practice, open_practice
from tests.cloud.imaging.pictures_here import bring, deep, derive, photograph, ramp, volume

SLICES = 24


@dataclass(frozen=True)
class Room:
    practice: Practice
    then: UUID
    now: UUID
    photo: UUID
    deep: UUID
    near: UUID

    def at(self, reading: UUID, rest: str = "") -> str:
        return f"/patients/{self.practice.world.grace}/pictures/{reading}{rest}"


@pytest.fixture(scope="module")
def room(chromium: Browser) -> Iterator[Room]:
    with open_practice() as practice:
        world = practice.world
        taken = [volume(slices=SLICES), volume(slices=SLICES, days=180, thickened=90), photograph(days=181)]
        taken += [deep(days=182), volume(slices=SLICES // 2, days=183, span=3.0)]
        found = bring(practice.engine, world.pier, world.alice, world.grace, taken)
        derive(practice.engine, world.one)
        yield Room(practice, *found)


@pytest.fixture(scope="module")
def kept(room: Room, chromium: Browser) -> dict:
    page = room.practice.page(chromium, room.practice.world.alice)
    return page.context.storage_state()


@pytest.fixture
def page(room: Room, chromium: Browser, kept: dict) -> Iterator[Page]:
    page = room.practice.page(chromium, None, storage_state=kept, viewport={"width": 1440, "height": 900})
    yield page
    page.context.close()
    assert page.complaints == []  # type: ignore[attr-defined]


def opened(page: Page, address: str, panes: int = 1) -> Page:
    page.goto(address)
    page.wait_for_selector("#viewer[data-ready]")
    expect(page.locator(".pane[data-shown]")).to_have_count(panes)
    return page


def stage(page: Page, pane: int = 0) -> Locator:
    return page.locator(f'[data-pane="{pane}"] .pane-stage')


def shows(page: Page, number: int, pane: int = 0) -> None:
    expect(page.locator(f'[data-pane="{pane}"]')).to_have_attribute("data-shown", str(number))


def spot(page: Page, x: float, y: float, pane: int = 0) -> tuple[float, float]:
    """From fractions of the stage to the page."""
    box = stage(page, pane).bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_a_volume_opens_in_the_middle_and_is_scrolled_by_wheel_and_keys(page, room):
    opened(page, room.at(room.then))
    shows(page, SLICES // 2)
    expect(page.locator(".pane-scroll output")).to_have_text(f"Slice {SLICES // 2 + 1} of {SLICES}")
    page.mouse.move(*spot(page, 0.5, 0.5))
    page.mouse.wheel(0, 100)
    shows(page, SLICES // 2 + 2)
    for key, there in (("Home", 0), ("ArrowDown", 1), ("PageDown", 11), ("End", SLICES - 1), ("ArrowUp", SLICES - 2)):
        page.keyboard.press(key)
        shows(page, there)


def test_the_line_on_the_look_from_above_is_dragged(page, room):
    opened(page, room.at(room.then))
    box = page.locator(".above-sheet").bounding_box()
    assert box
    x = box["x"] + box["width"] / 2
    drag(page, (x, box["y"] + 0.5 * box["height"]), (x, box["y"] + 0.26 * box["height"]))
    shows(page, int(0.26 * SLICES))


def test_every_slice_looks_different_and_the_next_is_there_before_it_is_asked_for(page, room):
    opened(page, room.at(room.then))
    fetched = "performance.getEntriesByType('resource').filter((one) => /frame-/.test(one.name)).length"
    while page.evaluate(fetched) < SLICES:
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    seen = set()
    page.keyboard.press("Home")
    for number in range(SLICES):
        shows(page, number)
        seen.add(page.evaluate("document.querySelector('canvas').toDataURL().length"))
        page.keyboard.press("ArrowDown")
    page.context.set_offline(False)
    assert len(seen) > SLICES // 2


def test_two_dates_scroll_and_zoom_together_until_they_are_parted(page, room):
    opened(page, room.at(room.then, f"?beside={room.now}"), panes=2)
    page.mouse.move(*spot(page, 0.5, 0.5))
    page.mouse.wheel(0, 250)
    for pane in (0, 1):
        shows(page, SLICES // 2 + 5, pane)
    page.keyboard.press("+")
    grown = [page.locator(f'[data-pane="{n}"] .pane-sheet').evaluate("(one) => one.style.transform") for n in (0, 1)]
    assert grown[0] == grown[1]
    page.keyboard.press("k")
    page.keyboard.press("Home")
    shows(page, 0, 0)
    shows(page, SLICES // 2 + 5, 1)


def test_volumes_of_other_sizes_scroll_by_millimetres(page, room):
    opened(page, room.at(room.then, f"?beside={room.near}"), panes=2)
    expect(page.locator(".viewer-linked")).to_have_text("Both scroll by millimetres from the middle of each volume.")
    # 24 slices over 6 mm beside 12 over 3 mm: a quarter of a millimetre from slice to slice in both
    page.keyboard.press("Home")
    shows(page, 0, 0)
    shows(page, 0, 1)
    for _slice in range(8):
        page.keyboard.press("ArrowDown")
    shows(page, 8, 0)
    shows(page, 2, 1)
    page.keyboard.press("End")
    shows(page, SLICES - 1, 0)
    shows(page, SLICES // 2 - 1, 1)


GREYS = """() => {
    const one = document.querySelector("canvas");
    const copy = new OffscreenCanvas(one.width, 1).getContext("2d", { willReadFrequently: true });
    copy.drawImage(one, 0, -48);
    const pixels = copy.getImageData(0, 0, one.width, 1).data;
    return Array.from({ length: one.width }, (_, x) => pixels[4 * x]);
}"""


def test_a_deep_picture_is_looked_at_through_other_windows(page, room):
    opened(page, room.at(room.deep))
    prepared = page.evaluate(GREYS)
    assert (prepared[:12], prepared[-90:]) == ([0] * 12, [255] * 90)  # 400 to 800 of 4095, as the file wishes
    page.locator(".viewer-shades summary").click()
    box = page.locator(".viewer-window")
    choice = box.get_by_label("Window")
    assert choice.locator("option").all_text_contents()[4:] == ["Macula (400 – 800)", "Everything (0 – 4096)"]
    choice.select_option("all")
    expect(page.locator(".pane")).to_have_attribute("data-window", "0 4095")
    everything = page.evaluate(GREYS)
    assert everything == [round(value * 255 / 4095) for value in ramp()[0].tolist()]
    choice.select_option(label="Macula (400 – 800)")
    expect(page.locator(".pane")).to_have_attribute("data-window", "400 800")
    assert page.evaluate(GREYS)[-90:] == [255] * 90
    page.locator("#window-low").focus()
    page.keyboard.press("End")  # white stays above black
    expect(choice).to_have_value("own")
    page.locator("[data-act=plain]").click()
    expect(page.locator(".pane")).to_have_attribute("data-window", "")
    assert page.evaluate(GREYS) == prepared


def test_a_picture_of_a_byte_offers_no_windows(page, room):
    opened(page, room.at(room.photo))
    page.locator(".viewer-shades summary").click()
    expect(page.locator(".viewer-window")).to_be_hidden()


def test_two_fingers_zoom_on_a_phone_about_what_is_between_them(room, chromium, kept):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = room.practice.page(chromium, None, storage_state=kept, **phone)
    opened(page, room.at(room.then))
    stage(page).scroll_into_view_if_needed()
    fingers = page.context.new_cdp_session(page)
    x, y = spot(page, 0.5, 0.5)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}] if apart else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = page.evaluate(MATRIX)
    touch("touchStart", 30)
    for apart in (40, 50, 60):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    after = page.evaluate(MATRIX)
    assert after["a"] / before["a"] == pytest.approx(2.0, rel=0.02)
    middles = [one["e"] + one["a"] * one["wide"] / 2 for one in (before, after)]
    assert middles[0] == pytest.approx(middles[1], abs=2)
    assert page.evaluate("visualViewport.scale") == 1  # the picture has grown, the page has not
    assert page.locator(".mark-line").count() == 0
    page.context.close()
    assert page.complaints == []  # type: ignore[attr-defined]


MATRIX = """() => { const { a, e } = new DOMMatrix(document.querySelector(".pane-sheet").style.transform);
    return { a, e, wide: document.querySelector("canvas").width }; }"""


def test_what_is_printed_is_the_picture_with_whose_it_is_and_no_tools(page, room, tmp_path):
    opened(page, room.at(room.then, f"?beside={room.now}"), panes=2)
    page.keyboard.press("+")
    page.keyboard.press("0")
    page.pdf(path=tmp_path / "viewer.pdf", format="A4", print_background=True)
    words = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "viewer.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert ("Okafor" in words, "OCT" in words, "The original is kept as it came" in words) == (True, True, True)
    assert ("Save" in words, "Put beside it" in words, "Download" in words) == (False, False, False)
    subprocess.run(["pdftoppm", "-r", "60", "-png", tmp_path / "viewer.pdf", tmp_path / "page"], check=True)
    sheets = [np.asarray(Image.open(one).convert("L")) for one in sorted(tmp_path.glob("page-*.png"))]
    assert len(sheets) <= 2
    # two stages, dark, with a retina in each
    assert sum(int((sheet < 20).sum()) for sheet in sheets) > 20_000
    assert page.locator(".viewer-tools").is_visible()


def test_flicker_shows_one_over_the_other(page, room):
    opened(page, room.at(room.then, f"?beside={room.now}"), panes=2)
    page.keyboard.press("f")
    front = page.locator(".pane.is-front")
    expect(front).to_have_count(1)
    expect(page.locator("[data-act=flicker]")).to_have_attribute("aria-pressed", "true")
    boxes = [stage(page, pane).bounding_box() for pane in (0, 1)]
    assert boxes[0] == boxes[1]
    seen = {front.get_attribute("data-pane")}
    page.keyboard.press("x")  # by hand now
    seen.add(front.get_attribute("data-pane"))
    page.keyboard.press("x")
    seen.add(front.get_attribute("data-pane"))
    assert seen == {"0", "1"}
    page.keyboard.press("f")
    expect(front).to_have_count(0)


def test_a_distance_is_measured_in_millimetres_undone_redone_and_saved(page, room):
    opened(page, room.at(room.then))
    page.keyboard.press("c")
    drag(page, spot(page, 0.45, 0.4), spot(page, 0.45, 0.6))
    line = page.locator(".mark-line")
    expect(line).to_have_count(1)
    expect(line).to_contain_text(re.compile(r"Distance \d+ µm"))
    page.keyboard.press("u")
    expect(line).to_have_count(0)
    page.keyboard.press("y")
    expect(line).to_have_count(1)
    page.keyboard.press("s")
    expect(page.locator(".viewer-says")).to_have_text("Marks saved")
    opened(page, room.at(room.then))
    expect(page.locator(".mark-line")).to_have_count(1)
    page.locator(".mark-line [data-removes]").click()
    page.keyboard.press("s")
    expect(page.locator(".viewer-says")).to_have_text("Marks saved")
    with unit_of_work(room.practice.engine, room.practice.world.one) as session:
        [mark] = session.scalars(select(Mark).where(Mark.reading_id == room.then)).all()
    assert (mark.shape, mark.frame, mark.ended_by) == ("caliper", SLICES // 2, room.practice.world.alice.id)


def test_a_picture_without_a_scale_is_measured_in_pixels(page, room):
    opened(page, room.at(room.photo))
    page.keyboard.press("c")
    drag(page, spot(page, 0.4, 0.5), spot(page, 0.6, 0.5))
    expect(page.locator(".mark-line")).to_contain_text(re.compile(r"Distance \d+ px"))


def test_a_mark_is_set_and_moved_with_keys_alone(page, room):
    opened(page, room.at(room.photo))
    stage(page).focus()
    page.keyboard.press("a")
    stage(page).focus()
    page.keyboard.press("Enter")
    line = page.locator(".mark-line")
    expect(line).to_be_focused()
    tip = page.locator(".pane-marks circle").last
    before = float(tip.get_attribute("cx") or 0)
    page.keyboard.press("ArrowLeft")
    expect(line).to_be_focused()
    assert float(tip.get_attribute("cx") or 0) < before
    page.keyboard.press("Space")
    page.keyboard.press("Delete")
    expect(line).to_have_count(0)


def test_the_view_is_turned_inverted_and_put_back(page, room):
    opened(page, room.at(room.photo))
    for key in ("i", "r", "h", "1"):
        page.keyboard.press(key)
    assert "invert(1)" in page.locator("canvas").evaluate("(one) => one.style.filter")
    expect(page.locator("[data-act=mirror]")).to_have_attribute("aria-pressed", "true")
    page.locator(".viewer-shades summary").click()
    page.locator("[data-act=plain]").click()
    assert "invert" not in page.locator("canvas").evaluate("(one) => one.style.filter")


def test_the_tab_one_is_on_is_in_sight_on_a_phone(page, room):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/patients/{room.practice.world.grace}/orders")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_stands_out_and_axe_finds_nothing(page, room, width):
    page.set_viewport_size({"width": width, "height": 844})
    for address in (f"/patients/{room.practice.world.grace}/pictures", room.at(room.then, f"?beside={room.now}")):
        page.goto(address)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
