"""The queue on the gateway in a real browser: narrow, dark, in both languages, by keys, live without a reload."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.clock import Clock
from edge.config import load
from edge.gateway import Gateway
from protocols.envelope.queue import pack
from tests.browser.looking import SIZES
from tests.browser.test_console import complaints, enter, overflow, picture
from tests.edge.console.caller import configure
from tests.edge.queue.books import DESK, DOCTOR, DOOR, NOON, TILL, at, book, guest, part

PEOPLE = [
    guest(1, part(10, DOCTOR, minutes=-9), minutes=-9, who="O.", due_at=at(20), priority=1),
    guest(2, part(20, DOCTOR, for_="Dr Li"), due=3000),
    guest(3, part(30, DOCTOR, "exam_draft")),
    guest(4, part(40, TILL, "held"), due=1250),
    *(guest(n, part(n * 10, DESK, minutes=n / 10)) for n in range(5, 25)),
]


class Store:
    """A gateway that holds its queue, in a thread of its own."""

    def __init__(self, folder: Path, language: str) -> None:
        folder.mkdir()
        self.path = configure(folder, language=language)
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._live()))
        self._thread.start()
        assert self._ready.wait(15)

    async def _live(self) -> None:
        clock = Clock(wall=NOON.timestamp, kernel=lambda: (False, None))
        self.gateway = Gateway(load(self.path), clock=clock)
        running = asyncio.ensure_future(self.gateway.run())
        while not getattr(getattr(self.gateway, "console", None), "port", 0):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        holder = self.gateway.queue.holder
        holder.heard(pack(book(*PEOPLE)))
        while not holder.known()[0]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await self.gateway.queue.take()
        self._ready.set()
        await running

    def press(self, key: str) -> None:
        asyncio.run_coroutine_threadsafe(self.gateway.queue.holder.press(key), self._loop).result(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.gateway.console.port}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self.gateway.stop)
        self._thread.join(15)
        self._loop.close()


@pytest.fixture(params=["en", "zh"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / request.param, request.param)
    yield store
    store.close()


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("tablet", "dark"), ("phone", "light")])
def test_nobody_is_shut_out_of_the_queue(store: Store, chromium: Browser, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page, found = context.new_page(), {}
    page.goto(store.address)
    enter(page)
    for path in ("/queue", f"/queue/door/{DOOR}", "/queue/step/20", "/queue/step/30", "/queue/step/40", "/queue/in"):
        page.goto(store.address + path)
        found[path] = [*complaints(page), *(["wider than the screen"] if overflow(page) > 0 else [])]
        picture(page, f"{size}-{scheme}-{path.strip('/').replace('/', '-')}")
    context.close()
    assert {path: told for path, told in found.items() if told} == {}


def walk(page: Page, wanted: str) -> None:
    """By keys alone to a button."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(wanted)


def test_somebody_is_called_by_keys_and_a_button_shows_without_a_reload(store: Store, chromium: Browser) -> None:
    is_chinese = store.path.read_text().count('"zh"') > 0
    page = chromium.new_page()
    page.goto(store.address)
    enter(page)
    page.goto(f"{store.address}/queue/door/{DOOR}")
    walk(page, "叫下一位" if is_chinese else "Call next")
    page.keyboard.press("Enter")
    row = page.locator("#step10")
    expect(row).to_contain_text("已叫号" if is_chinese else "called · Room 3 · since")
    page.evaluate("window.same = true")
    store.press("missed:3")
    expect(row).to_contain_text("等候 ·" if is_chinese else "waits · since", timeout=15_000)
    same = page.evaluate("window.same")
    page.close()
    assert same is True


def test_without_scripts_the_queue_works_all_the_same(store: Store, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(store.address)
    enter(page)
    page.goto(f"{store.address}/queue/in")
    page.locator("form[action='/queue/in'] button").click()
    expect(page.locator(".ticket.large")).to_have_text("A960")
    page.goto(f"{store.address}/queue/door/{DOOR}")
    page.locator("form[action='/queue/next'] button").first.click()
    expect(page.locator("#step10 button")).to_have_count(3)
    context.close()
