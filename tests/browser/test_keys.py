from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(address: str, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1024, "height": 768})
    page.goto(f"{address}/components")
    page.wait_for_selector("#live[data-shown]")
    yield page
    page.close()


def test_slash_goes_to_the_search(page):
    page.keyboard.press("/")

    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#search")).to_have_value("")


def test_a_slash_in_a_field_is_a_slash(page):
    page.locator("#note").fill("6")
    page.locator("#note").press("End")
    page.keyboard.press("/")

    expect(page.locator("#note")).to_have_value("6/")


def test_question_mark_lists_the_keys_of_the_page(page):
    page.keyboard.press("?")

    expect(page.locator("#keys")).to_be_visible()
    assert page.locator("#keys dt").all_inner_texts() == ["/", "?", "a", "t", "k", "j"]
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_tab_meets_the_skip_link_first_and_it_works(page):
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()


def test_tab_goes_places_store_search_menu_patient(page):
    walked = []
    for _step in range(8):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.closest('nav, details, form')?.className ?? 'skip'"))

    assert walked == ["skip", *["rail"] * 4, "menu store-menu", "search", "menu user-menu"]


def test_a_dialog_gives_the_focus_back(page):
    opener = page.locator("[data-opens=reject-day]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reason-day")).to_be_focused()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_escape_closes_a_menu_and_stays_on_it(page):
    menu = page.locator(".user-menu summary")
    menu.click()
    page.keyboard.press("Escape")

    assert page.locator(".user-menu").get_attribute("open") is None
    expect(menu).to_be_focused()
