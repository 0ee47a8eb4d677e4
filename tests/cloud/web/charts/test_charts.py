import json
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from flask import render_template_string

from cloud.web.charts import Chart, Mark, Point, Series, Target, legend, picture, rows, sparkline, told
from cloud.web.samples_charted import charted

SVG = "{http://www.w3.org/2000/svg}"
EVIL = """<script>alert(1)</script>'"&"""
PAGE = '{% from "web/components/chart.html" import chart %}{% call chart("one", spec) %}<p>below</p>{% endcall %}'


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def evil():
    point = Point(day("2026-01-02"), Decimal("-1.25"), EVIL, EVIL, EVIL, EVIL)
    return Chart(
        EVIL,
        EVIL,
        EVIL,
        [Series("R", [point], EVIL)],
        (),
        [Mark(day("2026-01-01"), "event", EVIL)],
        [Target(Decimal(1), EVIL)],
    )


@pytest.fixture
def samples(page):
    return charted()


def test_values_of_different_methods_never_stand_in_one_line(samples):
    lines = samples["pressure"].lines()

    assert [(line.eye, line.method, len(line.points)) for line in lines] == [
        ("R", "NCT", 2),
        ("R", "GAT", 6),
        ("L", "NCT", 2),
        ("L", "GAT", 6),
    ]
    assert [legend(line) for line in lines] == ["OD, NCT", "OD, GAT", "OS, NCT", "OS, GAT"]


def test_a_value_without_notation_has_a_true_minus():
    assert Point(day("2026-01-01"), Decimal("-1.25")).text == "−1.25"


def test_the_table_holds_every_value_and_mark_newest_first_right_before_left(samples):
    found = rows(samples["pressure"])

    assert len(found) == 16 + 3
    assert [row.at for row in found] == sorted((row.at for row in found), reverse=True)
    assert [(row.eye, row.point and row.point.text) for row in found[:2]] == [("R", "15"), ("L", "14")]
    assert [row.mark.words for row in found if row.mark] == ["Timolol 0.5 %", "Northlight NT-2", "Latanoprost 0.005 %"]


def test_the_browser_is_told_text_to_read_and_numbers_to_draw(samples):
    whole = json.loads(told(samples["equivalent"]))

    assert whole["heading"] == "SE (D)"
    assert [line["name"] for line in whole["lines"]] == ["OD", "OS"]
    assert whole["lines"][0]["points"][0][1:] == [-1.25, "1 Mar 2023", "−1.25", "cycloplegic"]
    assert whole["low"] <= -2.5


def test_eyes_differ_by_line_and_mark_and_not_by_colour_alone(samples):
    root = ElementTree.fromstring(picture(samples["equivalent"]))
    right, left = (root.find(f".//{SVG}g[@class='chart-line chart-{eye}']") for eye in "RL")

    assert right.find(f".//{SVG}circle") is not None
    assert left.find(f".//{SVG}circle") is None


def test_a_still_picture_has_range_target_treatment_and_device(samples):
    drawn = picture(samples["pressure"])

    for name in ("chart-band", "chart-target", "chart-treatment", "chart-device", "Timolol 0.5 %", "Target 18"):
        assert name in drawn
    assert "style=" not in drawn
    assert "−2.5" in picture(samples["equivalent"])


def test_what_people_write_is_text(page):
    shown = render_template_string(PAGE, spec=evil())

    assert "<script" not in shown
    assert ElementTree.fromstring(picture(evil())).get("aria-label").startswith(EVIL)


def test_the_component_has_legend_table_and_what_the_page_adds(samples):
    shown = render_template_string(PAGE, spec=samples["pressure"])

    assert shown.count("<tr>") + shown.count('<tr class="chart-happened">') == 1 + 19
    assert "<p>below</p>" in shown
    assert "chain&#39;s setting, version 1" in shown
    assert "10 – 21" in shown
    assert "style=" not in shown


def test_nothing_to_draw_says_what_will_begin_it(samples):
    shown = render_template_string(PAGE, spec=samples["nothing"])

    assert "The chart begins with the first measurement." in shown
    assert "data-chart" not in shown
    assert "<table" not in shown


def test_a_sparkline_shows_the_last_values_and_leaves_gaps():
    drawn = sparkline([Decimal(value) for value in range(20)], [Decimal(3), None, Decimal(4)], EVIL, last=4)
    root = ElementTree.fromstring(drawn)

    assert root.get("aria-label") == EVIL
    assert root.find(".//*[@class='spark-R']/{*}path").get("d").count("L") == 3
    assert root.find(".//*[@class='spark-L']/{*}path").get("d").count("M") == 2


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_sparkline_of_nothing_is_a_dash(values):
    assert sparkline(values, values, "none yet") == '<span class="spark-none" role="img" aria-label="none yet">–</span>'


def test_a_line_with_one_value_is_one_point():
    assert "NaN" not in sparkline([Decimal(5)], [], "one")
    assert "48.0 12.0" in sparkline([Decimal(5)], [], "one")
