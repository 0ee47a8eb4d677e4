from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.board import Board


@pytest.fixture
def board() -> Iterator[Board]:
    board = Board()
    yield board
    board.close()


@pytest.fixture
def page(board: Board, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{board.port}/board")
    page.wait_for_selector("#live[data-shown=connected]")
    yield page
    page.close()


def part(page: Page, name: str):
    return page.locator(f"[data-part={name}]")


def test_news_appears_by_itself_and_only_what_changed_lights_up(board, page):
    board.say({"topic": "tray"})

    expect(part(page, "b")).to_have_text("count 1")
    expect(part(page, "b")).to_have_class("changed")
    expect(part(page, "a")).not_to_have_class("changed")


def test_news_of_other_topics_changes_nothing(board, page):
    board.say({"topic": "fleet"})
    page.wait_for_timeout(300)

    expect(part(page, "b")).to_have_text("count 0")


def test_news_during_a_refresh_is_not_lost(board, page):
    board.slow = 0.4
    board.say({"topic": "tray"})
    page.wait_for_selector("#board.htmx-request")
    board.say({"topic": "tray"})

    expect(part(page, "b")).to_have_text("count 2")


def test_news_waits_while_someone_types(board, page):
    page.locator("#typed").fill("half a")
    board.say({"topic": "tray"})
    page.wait_for_timeout(500)

    expect(page.locator("#typed")).to_have_value("half a")
    expect(page.locator("#typed")).to_be_focused()
    page.locator("#typed").blur()
    expect(part(page, "b")).to_have_text("count 1")


def test_news_that_was_under_way_waits_for_who_began_to_type_meanwhile(board, page):
    board.slow = 0.6
    board.say({"topic": "tray"})
    page.wait_for_selector("#board.htmx-request")
    page.locator("#typed").fill("half a")
    page.wait_for_selector("#board:not(.htmx-request)")

    expect(page.locator("#typed")).to_have_value("half a")
    expect(page.locator("#typed")).to_be_focused()
    page.locator("#typed").blur()
    expect(part(page, "b")).to_have_text("count 1")


def test_a_focused_button_keeps_the_focus(board, page):
    page.locator("#near").focus()
    board.say({"topic": "tray"})
    expect(part(page, "b")).to_have_text("count 1")

    expect(page.locator("#near")).to_be_focused()


def test_nothing_moves_under_a_working_pointer(board, page):
    page.locator("#near").hover()
    board.say({"topic": "tray"})
    page.wait_for_timeout(500)
    expect(part(page, "b")).to_have_text("count 0")

    expect(part(page, "b")).to_have_text("count 1")


def test_the_dot_says_when_the_gateway_is_away(board, page):
    board.say({"state": "offline"}, event="gateway")
    expect(page.locator("#live")).to_have_text("Live, gateway offline", use_inner_text=True)

    board.say({"state": "online"}, event="gateway")
    expect(page.locator("#live")).to_have_text("Live", use_inner_text=True)


def test_the_dot_says_when_the_stream_breaks_and_missed_news_is_fetched(board, page):
    board.close()
    expect(page.locator("#live")).to_have_text("Reconnecting", use_inner_text=True)

    board.say({"topic": "tray"})
    board.open()
    expect(page.locator("#live")).to_have_text("Live", use_inner_text=True, timeout=15_000)
    expect(part(page, "b")).to_have_text("count 1")


def test_an_unreachable_server_is_said_once_and_nothing_is_lost(board, page):
    board.close()
    page.evaluate("htmx.trigger('#board', 'live'); htmx.trigger('#board', 'live')")

    expect(page.locator("#toasts [data-toast]")).to_have_count(1)
    expect(part(page, "b")).to_have_text("count 0")
    board.open()
