"""Drawing with a mouse, with a pen, and with nothing but keys."""

import json
import math
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string, request
from playwright.sync_api import Browser, Locator, Page, expect

from cloud.web import samples
from cloud.web.drawing import blank, canvases, findings, picture, read, write
from tests.browser.looking import AXE
from tests.browser.serving import served
from tests.cloud.web.shop import make_app

PAGE = """{% extends "web/layout.html" %}{% from "web/components/drawing.html" import drawing_editor, drawing_picture %}
{% block head %}<link rel="stylesheet" href="{{ asset('css/drawing.css') }}">
<script type="module" src="{{ asset('js/drawing.js') }}"></script>{% endblock %}
{% block content %}<h1>Exam</h1><form class="drawings">{{ drawing_editor("right", values[0], canvas, "R") }}
{{ drawing_editor("left", values[1], canvas, "L") }}</form>{% endblock %}"""


def paged(app: Flask) -> Flask:
    def exam(canvas: str) -> str:
        return render_template_string(PAGE, canvas=canvas, values=[request.args.get("R"), request.args.get("L")])

    app.add_url_rule("/exam/<canvas>", "exam", exam)
    return app


@pytest.fixture(scope="module")
def room() -> Iterator[str]:
    with served(paged(make_app())) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda failure: page.complaints.append(str(failure)))
    yield page
    page.close()
    assert page.complaints == []  # type: ignore[attr-defined]


def opened(page: Page, room: str, canvas: str = "fundus", right: str = "", left: str = "") -> Page:
    page.add_init_script("addEventListener('change', (e) => e.target.name && (window.told ??= []).push(e.target.name))")
    page.goto(f"{room}/exam/{canvas}")
    if right or left:
        page.goto(
            f"{room}/exam/{canvas}?" + "&".join(f"{eye}={page_quote(v)}" for eye, v in (("R", right), ("L", left)))
        )
    page.wait_for_selector(".drawing.is-live >> nth=1")
    return page


def page_quote(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def value(page: Page, name: str = "right") -> str:
    return page.locator(f"input[name={name}]").input_value()


def doodles(page: Page, name: str = "right") -> list[dict]:
    return json.loads(value(page, name) or "{}").get("doodles", [])


def spot(page: Page, x: float, y: float, eye: str = "R") -> tuple[float, float]:
    """From the unit circle to the screen."""
    box = page.locator(f"[data-eye={eye}] svg.drawing-picture").bounding_box()
    assert box
    return box["x"] + box["width"] * (x * 100 + 126) / 252, box["y"] + box["height"] * (126 - y * 100) / 252


def pick(page: Page, name: str, eye: str = "R") -> None:
    page.locator(f"[data-eye={eye}] .doodle-option", has_text=name).click()


def listed(page: Page, eye: str = "R") -> Locator:
    return page.locator(f"[data-eye={eye}] .finding-option")


def test_a_tap_places_the_picked_finding_and_tells_the_page(page, room):
    opened(page, room)
    pick(page, "Flame haemorrhage")
    page.mouse.click(*spot(page, 0.41, -0.24))

    found = findings(read(value(page)))[0]
    assert (found.code, found.clock_hour, found.quadrant) == ("flame_haemorrhage", 4, "inferonasal")
    expect(listed(page)).to_have_text([found.words_en])
    assert page.evaluate("window.told") == ["right"]


def test_a_finding_is_dragged_resized_turned_and_removed(page, room):
    opened(page, room)
    pick(page, "Flame haemorrhage")
    page.mouse.click(*spot(page, -0.3, 0.3))
    page.mouse.move(*spot(page, -0.3, 0.3))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.1, -0.5), steps=4)
    page.mouse.up()
    moved = doodles(page)[0]
    assert (round(moved["x"], 1), round(moved["y"], 1)) == (0.1, -0.5)

    drag(page, "size", 0.3, -0.3)
    grown = doodles(page)[0]
    assert grown["size"] > moved["size"]
    drag(page, "turn", 0.3, 0.0)
    assert doodles(page)[0]["turn"] != 0
    page.locator("[data-eye=R] [data-act=remove]").click()
    assert value(page) == ""
    for _step in range(4):
        page.keyboard.press("Control+z")
    assert [round(one["x"], 1) for one in doodles(page)] == [-0.3]


def drag(page: Page, grip: str, right: float, up: float) -> None:
    box = page.locator(f"[data-eye=R] [data-grip={grip}]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80 * right, y - 80 * up, steps=3)
    page.mouse.up()


def test_all_of_it_with_keys_alone(page, room):
    opened(page, room)
    page.locator("[data-eye=R] .doodle-palette").focus()
    page.keyboard.type("flame")
    page.keyboard.press("Enter")
    expect(page.locator("[data-eye=R] [data-field=hour]")).to_be_focused()
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("48")
    page.keyboard.press("Enter")
    expect(page.locator("[data-eye=R] .finding-list")).to_be_focused()
    found = findings(read(value(page)))[0]
    assert (found.code, found.clock_hour, found.zone) == ("flame_haemorrhage", 4, "posterior_pole")
    assert math.isclose(math.hypot(doodles(page)[0]["x"], doodles(page)[0]["y"]), 0.48, abs_tol=0.002)

    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    page.keyboard.press("+")
    found = findings(read(value(page)))[0]
    assert (found.clock_hour, found.zone) == (5, "mid_periphery")
    page.keyboard.press("Delete")
    assert value(page) == ""
    page.keyboard.press("Control+z")
    assert len(doodles(page)) == 1
    page.keyboard.press("Control+Shift+z")
    assert value(page) == ""


def test_a_line_of_the_list_is_chosen_where_one_presses(page, room):
    opened(page, room, right=write(read(samples.everything()["drawings"]["fundus"])))
    listed(page).nth(3).click()
    expect(listed(page).nth(3)).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-eye=R] .finding-fields legend")).to_have_text("Microaneurysms")
    expect(page.locator("[data-eye=R] .finding-list")).to_be_focused()


def test_a_grade_and_a_count_are_chosen_where_the_sign_has_them(page, room):
    opened(page, room, "cornea")
    page.locator("[data-eye=L] .doodle-palette").focus()
    page.keyboard.type("punctate")
    page.keyboard.press("Enter")
    fields = page.locator("[data-eye=L] .finding-fields")
    fields.get_by_label("Grade").select_option("3")
    expect(fields.get_by_label("Count")).to_be_hidden()
    fields.get_by_label("Size").fill("3.9")
    fields.get_by_label("Size").press("Enter")

    assert findings(read(value(page, "left")))[0].grade == 3
    assert findings(read(value(page, "left")))[0].size == 3.9


def test_what_the_editor_says_is_what_the_record_says(page, room):
    for name, drawing in samples.everything()["drawings"].items():
        given = write(read(drawing))
        opened(page, room, name, **{"right" if drawing["eye"] == "R" else "left": given})
        expect(listed(page, drawing["eye"])).to_have_text([one.words_en for one in findings(read(given))])
        assert value(page, "right" if drawing["eye"] == "R" else "left") == given


def test_places_are_told_alike_in_both_languages_of_code(page, room):
    opened(page, room)
    points = [[x / 10 + 0.013, y / 10 - 0.021] for x in range(-11, 12, 2) for y in range(-11, 12, 2)]
    for code in canvases():
        page.goto(f"{room}/exam/{code}")
        for eye in ("R", "L"):
            sign = next(one for one in canvases()[code].doodles if not one.whole)
            placed = [{"code": sign.code, "x": x, "y": y, "size": sign.size} for x, y in points]
            here = page.evaluate(TELL, [eye, placed])
            there = findings(read({"version": 1, "canvas": code, "eye": eye, "doodles": placed}))
            assert here == [one.words_en for one in there]


TELL = """async ([eye, placed]) => {
    const { line } = await import("/static/web/js/drawing/places.js");
    const canvas = JSON.parse(document.querySelector(`[data-eye=${eye}]`).dataset.vocabulary);
    return placed.map((one) => line(canvas, eye, one));
}"""


def test_undo_and_redo_by_button_go_through_everything(page, room):
    opened(page, room)
    pick(page, "Drusen")
    for x in (-0.3, 0.0, 0.3):
        page.mouse.click(*spot(page, x, 0.5))
    after = value(page)
    for _step in range(3):
        page.locator("[data-eye=R] [data-act=undo]").click()
    assert value(page) == ""
    expect(page.locator("[data-eye=R] [data-act=undo]")).to_be_disabled()
    for _step in range(3):
        page.locator("[data-eye=R] [data-act=redo]").click()

    assert value(page) == after


def test_a_copy_stands_mirrored_beside_what_the_other_eye_had(page, room):
    other = '{"version":1,"canvas":"fundus","eye":"L","doodles":[{"code":"naevus","x":0.5,"y":0.5,"size":0.1}]}'
    opened(page, room, left=other)
    pick(page, "Flame haemorrhage")
    page.mouse.click(*spot(page, 0.41, -0.24))
    page.locator("[data-eye=R] [data-act=copy]").click()
    page.locator("[data-eye=R] [data-act=copy]").click()

    assert [one["code"] for one in doodles(page, "left")] == ["naevus", "flame_haemorrhage"]
    assert findings(read(value(page, "left")))[1].quadrant == "inferonasal"
    assert findings(read(value(page, "left")))[1].clock_hour == 8
    assert page.evaluate("window.told") == ["right", "left", "left"]


def test_a_pen_draws_and_an_eraser_rubs_out(page, room):
    opened(page, room)
    page.locator("[data-eye=R] [data-act=pen]").click()
    for y in (0.2, -0.4):
        page.mouse.move(*spot(page, -0.5, y))
        page.mouse.down()
        page.mouse.move(*spot(page, 0.5, y), steps=8)
        page.mouse.up()
    assert len(json.loads(value(page))["strokes"]) == 2
    page.locator("[data-eye=R] [data-act=rub]").click()
    page.mouse.move(*spot(page, -0.5, 0.35))
    page.mouse.down()
    page.mouse.move(*spot(page, -0.5, 0.05), steps=6)
    page.mouse.up()

    strokes = read(value(page)).strokes
    assert [round(stroke[0][1], 1) for stroke in strokes] == [-0.4]


def test_a_finger_places_and_the_page_does_not_scroll(chromium, room):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = opened(context.new_page(), room)
    page.locator("[data-eye=R] .doodle-option", has_text="Drusen").tap()
    page.locator("[data-eye=R] svg.drawing-picture").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    page.touchscreen.tap(*spot(page, 0.2, 0.5))

    assert [one["code"] for one in doodles(page)] == ["drusen"]
    assert page.evaluate("scrollY") == before
    context.close()


def test_clearing_can_be_undone_and_a_note_is_kept(page, room):
    opened(page, room)
    page.locator("[data-eye=R] [data-note]").fill("two old scars")
    page.locator("[data-eye=R] [data-note]").blur()
    assert json.loads(value(page))["note"] == "two old scars"
    page.locator("[data-eye=R] [data-act=clear]").click()
    assert value(page) == ""
    page.locator("[data-eye=R] [data-act=undo]").click()

    expect(page.locator("[data-eye=R] [data-note]")).to_have_value("two old scars")


def test_the_server_and_the_editor_draw_the_same(page, room):
    given = write(read(samples.everything()["drawings"]["cornea"]))
    opened(page, room, "cornea", left=given)
    places = "(all) => all.map((one) => one.getAttribute('transform').match(/-?[\\d.]+/g).map((n) => Math.round(n)))"
    here = page.locator("[data-eye=L] [data-doodles] > g").evaluate_all(places)
    page.set_content(str(picture(read(given))))

    assert page.locator("[data-doodles] > g").evaluate_all(places) == here


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_nobody_is_shut_out_while_drawing(page, room, theme):
    page.context.add_cookies([{"name": "theme", "value": theme, "url": room}])
    opened(page, room, right=write(read(samples.everything()["drawings"]["fundus"])))
    listed(page).first.click()
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")

    assert [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]] == []


def test_without_script_the_picture_and_the_list_are_there(chromium, room):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    given = read(samples.everything()["drawings"]["fundus"])
    page.goto(f"{room}/exam/fundus?R={page_quote(write(given))}")
    expect(page.locator("[data-eye=R] .finding-option")).to_have_text([one.words_en for one in findings(given)])
    expect(page.locator("[data-eye=R] .doodle-palette")).to_be_hidden()
    assert value(page, "left") == "" and blank("fundus", "L").is_blank
    context.close()


def test_paper_has_the_picture_and_the_words_and_no_tools(page, room):
    opened(page, room, right=write(read(samples.everything()["drawings"]["fundus"])))
    page.emulate_media(media="print")
    seen = [page.locator(f"[data-eye=R] {name}").first.is_visible() for name in (".drawing-picture", ".finding-option")]
    tools = [page.locator(name).first.is_visible() for name in (".drawing-acts", ".doodle-palette", ".finding-fields")]

    assert (seen, tools) == ([True, True], [False, False, False])
