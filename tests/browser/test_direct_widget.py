"""Our pages within a page of somebody else, whose browser keeps no cookie of ours; and nobody else's."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from cloud.booking.models import Visit
from cloud.direct.models import Door
from tests.browser.looking import CHROMIUM, FLAGS, until
from tests.browser.test_direct import GO, Store, store

pytestmark = pytest.mark.timeout(300)
__all__ = ["store"]
HEIGHT = "() => document.querySelector('iframe').offsetHeight"


@contextmanager
def elsewhere(html: Callable[[], str]) -> Iterator[str]:
    """A page of another site: the pages of the practice are at 127.0.0.1, this one is at localhost."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html().encode())

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page_with(store: Store, form: str) -> str:
    chain = f"one-{store.practice.world.number}"
    script = f'<script src="{store.practice.address}/widget/{chain}/pier.js"{form}></script>'
    return f"<!doctype html><html lang=en><title>An optician</title><main><h1>Us</h1>{script}</main></html>"


@pytest.fixture(params=["cookies", "no cookies"])
def strict(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A browser that keeps cookies of the page's own site alone, and one that keeps those of frames apart."""
    flags = [*FLAGS, "--test-third-party-cookie-phaseout"]
    browser = chromium.browser_type.launch(executable_path=str(CHROMIUM), args=flags)
    page = browser.new_context(locale="en-GB").new_page()
    if request.param == "no cookies":
        page.context.route("**/*", without_cookies)
    yield page
    browser.close()


def without_cookies(route) -> None:  # type: ignore[no-untyped-def]
    """As a browser that brings no cookie to a frame at all."""
    headers = {name: value for name, value in route.request.headers.items() if name != "cookie"}
    route.continue_(headers=headers)


def book(store: Store, frame: FrameLocator, contact: str) -> None:
    """The whole way within a frame."""
    frame.locator("#contact").fill(contact)
    frame.locator("form .btn-primary").click()
    expect(frame.locator("#code")).to_be_visible()
    frame.locator("#code").fill(store.code())
    frame.get_by_role("button", name=GO).click()
    expect(frame.locator("#code")).to_have_count(0)
    frame.get_by_role("button", name=GO).click()
    frame.get_by_role("radio", name="Sight test").check()
    frame.get_by_role("button", name=GO).click()
    frame.locator("button.time").first.click()
    frame.get_by_role("button", name="Book this visit").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("You are booked")


def test_a_visit_is_booked_on_another_site_that_the_chain_has_named(store: Store, strict: Page):
    contact, [grace] = store.somebody()
    with elsewhere(lambda: page_with(store, "")) as address:
        store.change(Door, frames=[address])
        strict.goto(address)
        frame = strict.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Book your visit")
        until(strict, f"() => ({HEIGHT})() > 320")
        small = strict.evaluate(HEIGHT)
        book(store, frame, contact)
        until(strict, f"(small) => ({HEIGHT})() > small + 100", small)
        assert store.last(Visit).patient_id == grace


def test_a_button_opens_it_in_a_dialog(store: Store, chromium: Browser):
    page = chromium.new_context(locale="en-GB").new_page()
    with elsewhere(lambda: page_with(store, ' data-form="button"')) as address:
        store.change(Door, frames=[address])
        page.goto(address)
        expect(page.locator("iframe")).to_have_count(0)
        page.get_by_role("button", name="Book your visit").click()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Book your visit")
        page.get_by_role("button", name="Close").click()
        expect(page.locator("dialog")).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("path", ["/in", "", "/when"])
def test_nobody_else_shows_our_pages_and_nobody_shows_the_others(store: Store, chromium: Browser, path: str):
    """Whom the chain has not named shows nothing; whom it has named shows the pages for frames and no other."""
    page = chromium.new_context(locale="en-GB").new_page()
    shown = f'<!doctype html><title>x</title><iframe src="{store.practice.address}{store.door}{path}"></iframe>'
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "frame-ancestors" in said.text else None)
    with elsewhere(lambda: shown) as address:
        store.change(Door, frames=["https://another.example"] if path == "/in" else [address])
        page.goto(address)
        until(page, "() => true")
        expect(page.frame_locator("iframe").locator("#contact")).to_have_count(0)
        assert refused
    page.context.close()
