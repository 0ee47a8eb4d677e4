import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import AXE, SIZES, until

LOOKS = [f"theme={theme}&lang={lang}" for theme in ("light", "dark", "contrast") for lang in ("en", "zh")]


@pytest.fixture(params=SIZES, ids=str)
def page(request, chromium: Browser) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


def complaints(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def opened(chromium: Browser, address: str, size: str) -> Page:
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details.series').forEach((one) => (one.open = true))")
    return page


@pytest.mark.parametrize(
    ("size", "look"),
    [*(("desk", look) for look in LOOKS), ("phone", LOOKS[0]), ("phone", LOOKS[3]), ("tablet", LOOKS[0])],
)
def test_nobody_is_shut_out_of_any_component(address, chromium, size, look):
    page = opened(chromium, f"{address}/components?{look}", size)

    assert complaints(page) == []
    page.close()


@pytest.mark.parametrize("path", ["/", "/plain", "/refuse/404", "/refuse/401"])
def test_nobody_is_shut_out_of_a_page(address, chromium, path):
    page = opened(chromium, address + path, "phone")

    assert complaints(page) == []
    page.close()


@pytest.mark.parametrize("look", ["theme=light&lang=en", "theme=dark&lang=zh"])
def test_nothing_is_wider_than_the_screen(address, page, look):
    page.goto(f"{address}/components?{look}")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_browser_finds_nothing_to_complain_about(address, page):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/components")
    page.wait_for_selector("#live[data-shown=connected]")

    assert said == []


def test_patient_and_places_stay_in_sight(address, page):
    page.goto(f"{address}/components")
    page.evaluate("scrollTo(0, 1200)")
    inside = "(one) => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"

    assert page.locator(".patient").first.evaluate(inside)
    assert page.locator(".rail").evaluate(inside)


def test_the_theme_is_there_before_any_script(address, chromium):
    context = chromium.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    dark = page.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor")
    context.close()

    assert dark == "rgb(15, 20, 21)"


def test_paper_shows_readings_and_no_buttons(address, chromium):
    page = chromium.new_page()
    page.goto(f"{address}/components?theme=dark")
    page.emulate_media(media="print")
    seen = {
        name: page.locator(name).first.is_visible() for name in (".reading", ".patient", ".rail", ".topbar", ".btn")
    }
    page.close()

    assert seen == {".reading": True, ".patient": True, ".rail": False, ".topbar": False, ".btn": False}


def test_the_htmx_settings_are_those_of_the_page(address, page):
    page.goto(address)
    settings = json.loads(page.locator("meta[name=htmx-config]").get_attribute("content") or "")
    until(page, "Boolean(window.htmx)")

    assert page.evaluate("[htmx.config.allowEval, htmx.config.includeIndicatorStyles]") == [False, False]
    assert settings["selfRequestsOnly"] is True
