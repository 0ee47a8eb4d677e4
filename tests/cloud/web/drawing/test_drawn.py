import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.web import samples
from cloud.web.drawing import UnreadableDrawing, blank, canvases, findings, mirrored, read, write

FLAME = {"code": "flame_haemorrhage", "x": 0.41, "y": -0.2, "size": 0.1, "count": 2}
DRAWING = {"version": 1, "canvas": "fundus", "eye": "R", "doodles": [FLAME]}
THOUSANDTHS = st.integers(-1200, 1200).map(lambda number: number / 1000)


@st.composite
def doodles(draw, canvas):
    sign = draw(st.sampled_from(canvas.doodles))
    one = {"code": sign.code, "x": draw(THOUSANDTHS), "y": draw(THOUSANDTHS), "size": draw(st.integers(5, 1000)) / 1000}
    if turn := draw(st.integers(-180, 180)):
        one["turn"] = turn
    if sign.grade and draw(st.booleans()):
        one["grade"] = sign.grade.last
    if sign.count and draw(st.booleans()):
        one["count"] = draw(st.integers(1, 30))
    return one


@st.composite
def drawings(draw):
    canvas = canvases()[draw(st.sampled_from(sorted(canvases())))]
    value = {
        "version": 1,
        "canvas": canvas.code,
        "eye": draw(st.sampled_from("RL")),
        "doodles": draw(st.lists(doodles(canvas), max_size=5)),
        "strokes": draw(st.lists(st.lists(st.tuples(THOUSANDTHS, THOUSANDTHS), min_size=1, max_size=4), max_size=2)),
    }
    return read(json.dumps(value))


@given(drawings())
def test_what_is_written_reads_the_same(drawing):
    assert read(write(drawing)) == drawing
    assert write(read(write(drawing))) == write(drawing)


def across(hour):
    return hour and ((12 - hour) or 12)


@given(drawings())
def test_the_other_eye_has_the_same_findings_at_mirrored_hours(drawing):
    here, there = findings(drawing), findings(mirrored(drawing))
    flips = canvases()[drawing.canvas].mirrors

    assert [(one.code, one.zone, one.quadrant, one.size) for one in there] == [
        (one.code, one.zone, one.quadrant, one.size) for one in here
    ]
    assert [one.clock_hour for one in there] == [across(one.clock_hour) if flips else one.clock_hour for one in here]
    assert mirrored(mirrored(drawing)) == drawing


def test_a_stored_value_may_be_text_or_decoded():
    assert read(json.dumps(DRAWING)) == read(DRAWING)
    assert write(read(DRAWING)).startswith('{"version":1,"canvas":"fundus","eye":"R","doodles":[{"code":"flame_haem')


def test_a_blank_sheet_is_blank():
    assert blank("disc", "L").is_blank
    assert not read(DRAWING).is_blank


def but(**changed):
    return {**DRAWING, **changed}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "truncated"),
        ("[]", "Expected `object`"),
        (b"\xff", "."),
        (but(version=2), "Invalid enum value 2"),
        (but(canvas="liver"), "no such canvas"),
        (but(eye="B"), "eye"),
        (but(colour="red"), "unknown field"),
        (but(doodles=[{**FLAME, "x": 4}]), r"doodles\[0\].x"),
        (but(doodles=[{**FLAME, "size": 0}]), "size"),
        (but(doodles=[FLAME, {**FLAME, "code": "cup"}]), r"no such finding - at `\$.doodles\[1\]`"),
        (but(doodles=[{**FLAME, "grade": 2}]), "no such grade"),
        (but(doodles=[{**FLAME, "code": "drusen"}]), "not counted"),
        (but(strokes=[[]]), "strokes"),
        (but(strokes=[[[0, 0, 0]]]), "strokes"),
        (but(note="x" * 2001), "note"),
        (but(doodles=[FLAME] * 201), "doodles"),
    ],
)
def test_what_is_no_drawing_is_refused(value, why):
    with pytest.raises(UnreadableDrawing, match=why):
        read(value)


@pytest.mark.parametrize(
    ("grade", "taken"), [(0, False), (0.1, False), (1, True), (2.5, True), (2.55, False), (7, False)]
)
def test_a_grade_is_one_of_its_scale(grade, taken):
    one = {"code": "nuclear_sclerosis", "x": 0, "y": 0, "size": 0.5, "grade": grade}
    try:
        found = findings(read(but(canvas="lens", doodles=[one])))[0].grade == grade
    except UnreadableDrawing:
        found = False

    assert found == taken


@pytest.mark.parametrize("name", sorted(canvases()))
def test_the_components_page_shows_drawings_that_can_be_read(name):
    drawing = read(samples.everything()["drawings"][name])

    assert drawing.canvas == name
    assert len(findings(drawing)) == len(drawing.doodles) > 1
