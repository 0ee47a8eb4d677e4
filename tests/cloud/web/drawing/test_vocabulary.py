import re
from collections import Counter

import pytest

from cloud.web.drawing import canvases
from cloud.web.drawing.shapes import FILE, TINTS, shapes
from cloud.web.drawing.vocabulary import FOLDER, ORDER, phrases

CANVASES = list(canvases().values())
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_file_is_a_canvas_or_the_phrases():
    assert {file.stem for file in FOLDER.glob("*.toml")} == {*ORDER, "phrases"}
    assert list(canvases()) == list(ORDER)


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda one: one.code)
def test_a_canvas_has_enough_to_draw_and_each_once(canvas):
    times = Counter(sign.code for sign in canvas.doodles)

    assert len(times) >= 8
    assert set(times.values()) == {1}
    assert len({zone.code for zone in canvas.zones}) == len(canvas.zones)


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda one: one.code)
def test_everything_has_a_shape_and_a_colour(canvas):
    assert f"canvas-{canvas.code}" in shapes()
    assert {sign.shape for sign in canvas.doodles} <= set(shapes())
    assert {sign.tint for sign in canvas.doodles} <= set(TINTS)


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda one: one.code)
def test_everything_is_said_in_both_languages(canvas):
    said = [one.words for one in (canvas, *canvas.zones, *canvas.doodles)]

    assert [words.en for words in said if HAN.search(words.en)] == []
    assert [words.zh for words in said if not HAN.search(words.zh)] == []


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda one: one.code)
def test_every_place_on_a_canvas_is_in_a_zone(canvas):
    last = canvas.zones[-1]
    assert last.box is not None or last.r >= 1.3 * 2**0.5


def test_no_snomed_code_is_guessed():
    assert [sign.code for canvas in CANVASES for sign in canvas.doodles if sign.snomed] == []


def test_every_region_has_words():
    assert set(phrases().regions) >= {"superotemporal", "superonasal", "inferotemporal", "inferonasal", "central"}


def test_each_shape_is_drawn_once_in_its_own_colour():
    text = FILE.read_text()
    names = re.findall(r'<g id="([^"]+)"', text)

    assert sorted(shapes()) == sorted(names)
    assert len(set(names)) == len(names)
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', text)) == {"currentColor", "none"}
    assert "style=" not in text
