"""The console in a real browser: keyboard, screen reader, narrow, dark, live without a reload."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from edge import pins
from edge.config import load
from edge.console.adding import Device
from edge.gateway import Gateway
from edge.supervisor import Fitting
from tests.browser.looking import AXE, SIZES
from tests.edge.console.caller import PIN, configure
from tests.edge.gateways import INSTRUMENT
from tests.edge.links.wires import PtyFar
from tests.edge.supervisor.test_supervisor import LineDriver

PICTURES = os.environ.get("EMMETRA_PICTURES")


class Store:
    """A gateway with one instrument that answers and one that is not there, in a thread of its own."""

    def __init__(self, folder: Path, language: str) -> None:
        folder.mkdir()
        self.folder, self.far = folder, PtyFar()
        named = [
            INSTRUMENT.format(n=0, url=self.far.path),
            INSTRUMENT.format(n=1, url="/dev/serial/by-id/usb-FTDI-gone"),
        ]
        self.path = configure(folder, *named, language=language)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._live())
        self._loop.close()

    async def _live(self) -> None:
        self.gateway = Gateway(load(self.path), fit=lambda _: Fitting(LineDriver, "lines", "7"))
        running = asyncio.ensure_future(self.gateway.run())
        while not getattr(getattr(self.gateway, "console", None), "port", 0):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        self._ready.set()
        await running

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.gateway.console.port}"

    def say(self, words: bytes) -> None:
        os.write(self.far.fd, words)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self.gateway.stop)
        self._thread.join(15)
        self.far.close()


@pytest.fixture(scope="module", params=["en", "zh"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("console") / request.param, request.param)
    yield store
    store.close()


@pytest.fixture(params=[("desk", "light"), ("phone", "light"), ("phone", "dark")], ids="-".join)
def page(request: pytest.FixtureRequest, chromium: Browser, store: Store) -> Iterator[Page]:
    size, scheme = request.param
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    found = context.new_page()
    found.goto(store.address)
    yield found
    context.close()


def enter(page: Page) -> None:
    page.locator("#pin").fill(PIN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#summary")


def complaints(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def hear(store: Store) -> None:
    """As if two Bluetooth devices had measured near the gateway."""
    kinds = (("blood_pressure", "Blood pressure monitor"), ("glucose", "Glucose meter"))
    urls = [(f"C0:00:00:00:00:0{n}", one, model) for n, (one, model) in enumerate(kinds)]
    adder = store.gateway.console._hub.finder.adder
    adder.heard = [Device(at, "UA-651", -50, f"ble://{at}?profile={one}", one, model) for at, one, model in urls]
    adder.state = "found"


def test_nobody_is_shut_out_of_any_page(store: Store, page: Page, request: pytest.FixtureRequest) -> None:
    label = request.node.callspec.id
    found = {"sign-in": complaints(page)}
    picture(page, f"{label}-sign-in")
    enter(page)
    hear(store)
    for path in ("/", "/checks", "/restart", "/add", "/pair/i0", "/test/i0", "/test/i1", "/nowhere"):
        page.goto(store.address + path)
        found[path] = [*complaints(page), *(["wider than the screen"] if overflow(page) > 0 else [])]
        picture(page, f"{label}-{path.strip('/').replace('/', '-') or 'front'}")
    assert {path: told for path, told in found.items() if told} == {}


def test_the_whole_page_is_walked_by_keys(store: Store, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(store.address)
    expect(page.locator("#pin")).to_be_focused()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#summary")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.tagName"))
    page.close()
    assert seen[0] == "#main"
    assert [one for one in ("/test/i0", "/pair/i0", "/checks", "/restart", "BUTTON") if one not in seen] == []


def test_a_reading_shows_without_a_reload_and_what_is_focused_stays(store: Store, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(store.address)
    enter(page)
    page.evaluate("window.same = true")
    store.say(b"Okafor Grace -4.25\n")
    words = "刚刚" if store.path.read_text().count('"zh"') else "just now"
    expect(page.locator("#instruments li").first).to_contain_text(words, timeout=15_000)
    page.locator("details").first.evaluate("(one) => { one.open = true; }")
    page.locator("a[href='/checks']").focus()
    page.wait_for_timeout(3500)
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    same, text = page.evaluate("window.same"), page.content()
    unfolded = page.locator("details").first.evaluate("(one) => one.open")
    page.close()
    assert (same, focused, unfolded) == (True, "/checks", True)
    assert "Okafor" not in text and "4.25" not in text


def test_a_gateway_that_stops_is_not_shown_as_alive(tmp_path: Path, chromium: Browser) -> None:
    store = Store(tmp_path / "en", "en")
    page = chromium.new_page()
    page.goto(store.address)
    enter(page)
    store.close()
    expect(page.locator("#stale")).to_be_visible(timeout=15_000)
    told = page.locator("#stale").inner_text()
    page.close()
    assert "does not answer" in told


def test_the_policy_lets_nothing_foreign_in(store: Store, chromium: Browser) -> None:
    page = chromium.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(store.address)
    enter(page)
    page.goto(store.address + "/checks")
    asked = json.loads(page.evaluate("JSON.stringify(performance.getEntriesByType('resource').map((one) => one.name))"))
    page.close()
    assert troubles == []
    assert [one for one in asked if not one.startswith(store.address)] == []
    assert pins.FILE not in str(asked)
