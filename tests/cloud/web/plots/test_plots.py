"""Plots of machine figures, without an application around them."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from cloud.web import Frame, install
from cloud.web.plots import Plot, Track, drawn, number, rows, told
from cloud.web.plots.spec import ticks

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)


@pytest.fixture
def shanghai():
    app = Flask("plots")
    app.secret_key = "x"
    install(app, framer=lambda: Frame(zone="Asia/Shanghai"))
    with app.test_request_context():
        yield


def track(*values):
    return [(NOON + STEP * nth, value) for nth, value in enumerate(values)]


def plot(*pieces, name="ark"):
    return Plot("Temperature", "°C", NOON, NOON + timedelta(hours=6), [Track(name, pieces)])


def test_a_gap_is_a_gap_in_the_picture_and_for_the_browser(shanghai):
    cut = plot(track(1, 2, 3)[:2], track(1, 2, 3, 4, 5, 6)[5:])
    assert len(re.findall(r"M[\d.]+ [\d.]+(?:L|h0)", str(drawn(cut)).split('class="plot-0"')[1])) == 2
    points = json.loads(told(cut))["tracks"][0]["points"]
    assert [value for _at, value, *_ in points] == [1, 2, None, 6]


def test_the_scale_is_worked_out_once_however_many_values_there_are(shanghai, monkeypatch):
    asked, height = [], Plot.height
    monkeypatch.setattr(Plot, "height", lambda self: asked.append(self) or height(self))
    drawn(plot(track(*range(72))))
    assert len(asked) == 1


def test_times_are_the_stores(shanghai):
    first = json.loads(told(plot(track(4.25))))["tracks"][0]["points"][0]
    assert datetime.fromtimestamp(first[0] / 1000, UTC).hour == 20
    assert (first[2], first[3]) == ("21 Nov 2026 20:00", "4.25")


def test_names_are_escaped(shanghai):
    assert "<b>" not in drawn(plot(track(1, 2), name="<b>x</b>"))


def test_the_table_has_a_row_a_moment_newest_first_and_says_what_is_missing():
    both = Plot("", "", NOON, NOON, [Track("a", [track(1, 2)]), Track("b", [track(5)])])
    assert rows(both) == [(NOON + STEP, [2, None]), (NOON, [1, 5])]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.25, "0.25"), (12.345, "12.3"), (123.4, "123"), (-3.5, "−3.5"), (12345.6, "12,346")]
)
def test_three_digits_are_read(value, text):
    assert number(value) == text


def test_nothing_to_draw_is_known(shanghai):
    assert Plot("", "", NOON, NOON).is_empty
    assert not plot(track(0)).is_empty
    assert plot(track(0)).height().high == 1


@pytest.mark.parametrize(("hours", "many"), [(6, 6), (24, 6), (168, 4), (2160, 3)])
def test_ticks_are_round_hours_and_few(hours, many):
    start = NOON.astimezone(ZoneInfo("Europe/Lisbon")) + timedelta(minutes=7)
    found = ticks(start, start + timedelta(hours=hours))
    assert many - 2 <= len(found) <= many + 2
    assert {(at.minute, at.second) for at in found} == {(0, 0)}
