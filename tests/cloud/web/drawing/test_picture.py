import re
from xml.etree import ElementTree

import pytest
import typst
from flask import render_template_string

from cloud.web import samples
from cloud.web.drawing import canvases, mirrored, picture, read, sheet_of
from cloud.web.drawing.picture import BOX

DRAWINGS = samples.everything()["drawings"]
EVIL = """<script>alert(1)</script>'"&"""
EDITOR = """{% from "web/components/drawing.html" import drawing_editor, drawing_picture %}
{{ drawing_editor("one", value, "fundus", "R") }}|{{ drawing_picture(value, "fundus", "R") }}"""


def evil():
    return {**DRAWINGS["fundus"], "note": EVIL}


@pytest.mark.parametrize("name", sorted(canvases()))
def test_a_picture_is_whole_and_needs_nothing_from_elsewhere(name):
    drawn = str(picture(read(DRAWINGS[name]), "zh"))
    root = ElementTree.fromstring(drawn)

    assert root.get("viewBox") == BOX
    assert len(root.findall(".//*[@data-doodles]/*")) == len(DRAWINGS[name]["doodles"])
    assert re.findall(r"href|style=|url\(", drawn) == []


def test_the_left_eye_is_the_mirror_image_and_its_words_are_not():
    right = read(DRAWINGS["fundus"])
    here, there = str(picture(right, title="one")), str(picture(mirrored(right), title="one"))

    assert "scale(1 1)" in here
    assert here.replace("scale(1 1)", "scale(-1 1)").partition("data-labels")[0] == there.partition("data-labels")[0]
    assert re.findall(r">(temporal|nasal)<", here) == ["temporal", "nasal"]
    assert re.findall(r">(temporal|nasal)<", there) == ["nasal", "temporal"]


def test_what_people_write_is_text():
    drawn = str(picture(read(evil())))

    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert ElementTree.fromstring(drawn).get("aria-label").endswith(EVIL)


def test_paper_takes_the_picture(tmp_path):
    (tmp_path / "one.svg").write_text(picture(read(DRAWINGS["fundus"])))
    (tmp_path / "one.typ").write_text('#image("one.svg", width: 6cm)')

    assert typst.compile(str(tmp_path / "one.typ")).startswith(b"%PDF")


def test_the_editor_shows_what_is_there_before_any_script_runs(page):
    shown = render_template_string(EDITOR, value=evil())

    assert "<script" not in shown
    assert shown.count("Flame haemorrhage, 4 o&#39;clock, posterior pole, inferonasal, 1.1 DD") >= 2
    assert 'data-canvas="fundus" data-eye="R"' in shown
    assert "style=" not in shown


@pytest.mark.parametrize("value", [None, "", "{}", {}])
def test_nothing_yet_is_a_blank_sheet(page, value):
    assert sheet_of(value, "lens", "L", "en").json == ""
    assert "Nothing drawn" in render_template_string(EDITOR, value=value)


@pytest.mark.parametrize("value", ['{"version":9}', "gone<b>", {"canvas": "fundus"}])
def test_a_value_that_cannot_be_read_is_kept_and_said(page, value):
    shown = render_template_string(EDITOR, value=value)

    assert "This drawing cannot be shown." in shown
    assert 'name="one"' in shown
    assert "data-drawing" not in shown
    assert "<b>" not in shown
