"""The wall's page in a real browser at 1080p: how large, how it blinks, what it answers, what it keeps."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from edge.callers.verbs import verbs
from protocols.envelope.calls import Called
from tests.browser import test_console
from tests.browser.looking import AXE
from tests.browser.test_console import Store
from tests.edge.callers.store import called

TV = '[callers.tv]\nkind = "screen"\n'
# Of the letters as they are drawn: what a font calls its size is no height.
HEIGHT = """(what) => {
  const seen = getComputedStyle(document.querySelector(what));
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${seen.fontWeight} ${seen.fontSize} ${seen.fontFamily}`;
  return pen.measureText("0").actualBoundingBoxAscent / innerHeight;
}"""


class Wall(Store):
    """A gateway with a screen."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "zh")

    def call(self, ticket: str, turn: int = 1) -> dict[str, str]:
        """Call somebody; the answers of the callers."""
        call = called(ticket, turn, languages=["zh", "en"], who="张*")
        return asyncio.run_coroutine_threadsafe(self._call(call), self._loop).result(20)

    async def _call(self, call: Called) -> dict[str, str]:
        order = verbs(self.gateway.callers)["call_patient"]
        told = [one async for one in order(msgspec.to_builtins(call))]
        return {name: one["state"] for name, one in told[-1]["callers"].items()}


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    configure = test_console.configure
    monkeypatch.setattr(test_console, "configure", lambda *given, **more: configure(*given, TV, **more))
    wall = Wall(tmp_path / "wall")
    yield wall
    wall.close()


@pytest.fixture
def tv(chromium: Browser, wall: Wall) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(f"{wall.address}/screen")
    yield page
    context.close()


def test_a_call_is_read_from_six_metres_and_the_gateway_hears_that_it_was_shown(tv: Page, wall: Wall) -> None:
    expect(tv.locator("#nobody")).to_have_text("请等候叫号")
    assert [wall.call(f"A0{n}") for n in range(10, 18)] == [{"tv": "shown"}] * 8

    expect(tv.locator(".ticket")).to_have_text(["A017", "A016", "A015", "A014", "A013", "A012"])
    expect(tv.locator(".call").first.locator(".place .name")).to_have_text(["3号诊室", "Room 3"])
    assert tv.evaluate(HEIGHT, ".call:first-child .ticket") >= 0.24
    assert tv.evaluate(HEIGHT, ".call:nth-child(2) .ticket") >= 0.06  # 30 mm on 40 inches
    assert tv.evaluate(HEIGHT, ".call:nth-child(2) .place") >= 0.06
    assert tv.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for one in tv.locator(".call").all():
        box = one.bounding_box()
        assert box and box["y"] + box["height"] <= 1081 and box["width"] <= 1920
        assert one.evaluate("one => one.scrollWidth <= one.clientWidth + 1")


def test_the_newest_blinks_for_five_seconds_once_a_second_and_only_where_motion_is_wanted(tv: Page, wall: Wall) -> None:
    wall.call("A001")
    keys = '["Name", "Duration", "IterationCount"].map((key) => getComputedStyle(one)[`animation${key}`])'
    animation = f"(one) => {keys}"
    newest = tv.locator(".call .ticket").first
    assert newest.evaluate(animation) == ["blink", "1s", "5"]
    tv.emulate_media(reduced_motion="reduce")
    assert newest.evaluate(animation)[0] == "none"


def test_a_repeat_is_shown_and_answered_again(tv: Page, wall: Wall) -> None:
    assert wall.call("A001") == wall.call("A002") == wall.call("A001", turn=2) == {"tv": "shown"}
    expect(tv.locator(".ticket")).to_have_text(["A001", "A002"])


def test_a_screen_keeps_what_it_shows_while_the_gateway_is_away(tv: Page, wall: Wall) -> None:
    wall.call("A001")
    tv.route("**/screen/calls/**", lambda route: route.abort())
    wall.call("A002")  # a question that is open already is answered still
    expect(tv.locator("#lost")).to_be_visible()
    assert wall.call("A003") == {"tv": "failed"}
    expect(tv.locator(".ticket").last).to_have_text("A001")
    expect(tv.locator(".ticket", has_text="A003")).to_have_count(0)
    tv.unroute("**/screen/calls/**")
    expect(tv.locator(".ticket")).to_have_text(["A003", "A002", "A001"])
    expect(tv.locator("#lost")).to_be_hidden()


def test_a_gateway_that_forgot_takes_nothing_off_the_wall(tv: Page, wall: Wall) -> None:
    wall.call("A001")
    screen = wall.gateway.callers.screens["tv"]
    screen.boot, screen._last = "another", type(screen._last)(maxlen=6)
    assert wall.call("A002") == {"tv": "shown"}
    expect(tv.locator(".ticket")).to_have_text(["A002", "A001"])


def test_nothing_is_asked_of_the_internet_and_nobody_is_left_out(tv: Page, wall: Wall) -> None:
    asked: list[str] = []
    tv.on("request", lambda request: asked.append(request.url))
    tv.reload()
    wall.call("A001")
    assert all(one.startswith(wall.address) for one in asked)
    tv.evaluate(AXE.read_text("utf-8"))
    found = tv.evaluate("async () => (await axe.run()).violations.map((one) => one.id)")
    assert found == []
