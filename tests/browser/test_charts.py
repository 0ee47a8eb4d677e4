"""Charts in a browser: alive when near, as a table by one key, still on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import AXE, until

LIVE = "#chart-iop.is-live"
OPTION = "echarts.getInstanceByDom(document.querySelector('#chart-iop .chart-live')).getOption()"


@pytest.fixture
def page(address: str, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda failure: page.complaints.append(str(failure)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective))"
    )
    yield page
    page.close()
    assert page.complaints == []  # type: ignore[attr-defined]


def opened(page: Page, address: str, look: str = "") -> Page:
    page.goto(f"{address}/components?{look}")
    page.locator("#chart-iop").scroll_into_view_if_needed()
    page.wait_for_selector(f"{LIVE} .chart-live svg text")
    return page


def years(page: Page) -> list[str]:
    return page.locator("#chart-iop .chart-live text").all_text_contents()


def test_the_library_is_fetched_only_where_a_chart_is_near(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/plain")
    page.goto(f"{address}/components")
    page.wait_for_selector("#live[data-shown=connected]")
    assert [one for one in asked if "echarts" in one] == []
    page.locator("#chart-iop").scroll_into_view_if_needed()
    page.wait_for_selector(LIVE)

    assert len([one for one in asked if "echarts" in one]) == 1


def test_a_live_chart_draws_every_value_and_breaks_no_rule_of_the_page(page, address):
    opened(page, address)
    drawn = page.evaluate(f"{OPTION}.series.map((one) => one.data.length)")

    assert drawn == [16, 2, 6, 2, 6]
    assert "Target 18" in years(page)
    assert "Timolol 0.5 %" in years(page)


def test_a_point_says_whose_it_is_when_and_how(page, address):
    opened(page, address)
    place = page.locator("#chart-iop .chart-live")
    place.scroll_into_view_if_needed()
    at = page.evaluate(
        """() => { const chart = echarts.getInstanceByDom(document.querySelector('#chart-iop .chart-live'));
        return chart.convertToPixel({ seriesIndex: 2 }, chart.getOption().series[2].data[0]); }"""
    )
    place.hover(position={"x": at[0], "y": at[1]})

    expect(page.locator("#chart-iop .chart-tip")).to_have_text("26 OD, GAT4 Mar 2024")


def test_one_key_shows_all_values_as_tables_and_back(page, address):
    opened(page, address)
    page.locator("#content").focus()
    page.keyboard.press("t")
    expect(page.locator("#chart-iop-values")).to_be_visible()
    expect(page.locator("#chart-iop-values tbody tr")).to_have_count(19)
    expect(page.locator("#chart-iop .chart-live")).to_be_hidden()
    expect(page.locator("#chart-se-values td.numeric").first).to_have_text("−2.50")
    expect(page.locator("#chart-iop [data-as-table]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("t")

    expect(page.locator("#chart-iop .chart-live")).to_be_visible()
    assert page.locator("#chart-iop-values").evaluate("(one) => one.clientWidth") <= 1


def test_the_table_is_there_for_those_who_only_listen(page, address):
    opened(page, address)

    expect(page.get_by_role("region", name="Values of Eye pressure")).to_have_count(1)
    assert page.get_by_role("cell", name="GAT").count() == 12


def test_keys_zoom_move_and_go_back(page, address):
    opened(page, address)
    ranged = f"(({{ start, end }}) => [start, end])({OPTION}.dataZoom[0])"
    page.locator("#chart-iop .chart-live").focus()
    page.keyboard.press("+")
    assert page.evaluate(ranged) == [25, 75]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(ranged) == [37.5, 87.5]
    page.keyboard.press("-")
    assert page.evaluate(ranged) == [12.5, 100]
    page.keyboard.press("0")
    assert page.evaluate(ranged) == [0, 100]
    page.locator("#chart-iop [data-zoom=nearer]").click()
    page.locator("#chart-iop [data-zoom=earlier]").click()
    assert page.evaluate(ranged) == [12.5, 62.5]


def test_paper_has_the_still_picture_and_the_table(page, address):
    opened(page, address, "theme=dark")
    page.emulate_media(media="print")
    seen = {
        name: page.locator(f"#chart-iop {name}").first.is_visible()
        for name in (".chart-picture", ".chart-values tbody tr", ".chart-live", ".chart-acts")
    }

    assert seen == {".chart-picture": True, ".chart-values tbody tr": True, ".chart-live": False, ".chart-acts": False}
    assert page.locator("#chart-iop .chart-values").evaluate("(one) => one.clientWidth") > 200


def test_without_script_the_picture_and_the_table_stand(address, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/components")

    expect(page.locator("#chart-iop .chart-picture")).to_be_visible()
    expect(page.locator("#chart-iop-values tbody tr")).to_have_count(19)
    expect(page.locator("#chart-iop .chart-acts")).to_be_hidden()
    context.close()


def test_colours_follow_the_theme(page, address):
    opened(page, address, "theme=light")
    first = f"{OPTION}.series[1].lineStyle.color"
    light = page.evaluate(first)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    until(page, f"(light) => {first} !== light", light)

    assert page.evaluate(first) == "rgb(121, 184, 224)"


@pytest.mark.parametrize("look", ["theme=light", "theme=dark&lang=zh", "theme=contrast"])
@pytest.mark.parametrize("table", [False, True])
def test_nobody_is_shut_out_of_a_live_chart(page, address, look, table):
    opened(page, address, look)
    if table:
        page.locator("#chart-iop [data-as-table]").click()
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run('#chart-iop')")

    assert [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]] == []


def test_a_chart_fits_a_phone(address, chromium):
    page = opened(chromium.new_page(viewport={"width": 390, "height": 844}), address)
    wide = page.locator("#chart-iop .chart-live svg").evaluate("(one) => one.getBoundingClientRect().width")

    assert 250 < wide <= 390
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
