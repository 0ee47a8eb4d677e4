"""The figures of a gateway on its page."""

import html
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cloud.kernel.clock import now
from cloud.telemetry import views
from cloud.telemetry.errors import NotToBeHad
from cloud.telemetry.sinks import SqlSink
from tests.cloud.telemetry.days_here import day, noon


def figures(client, place, reach="24h"):
    return client.get(f"/fleet/{place.sender.gateway_id}/figures?reach={reach}")


def told(page):
    """What each plot tells the browser, by the id of its place."""
    found = re.findall(r'<figure class="chart" id="([a-z]+)"[^>]*data-told="([^"]*)"', page.text)
    return {name: json.loads(html.unescape(text)) for name, text in found}


def test_a_day_is_plotted_with_its_gap_and_its_table(engine, world, sign_in):
    SqlSink(engine).write(list(day(world.pier, noon())))
    page = figures(sign_in(world.omar), world.pier)
    plots = told(page)

    assert page.status_code == 200
    assert set(plots) == {"depth", "age", "frames", "reconnects", "fsync", "temperature"}
    assert [track["name"] for track in plots["frames"]["tracks"]] == ["ark, garbled", "ark, read", "lens, 2, read"]
    values = [value for _at, value, *_ in plots["temperature"]["tracks"][0]["points"]]
    assert values.count(None) == 1 and len(values) in (126, 127)
    assert max(value for value in values if value is not None) == 54.0
    rates = {value for _at, value, *_ in plots["frames"]["tracks"][1]["points"]}
    assert rates <= {None, 12.0, 0.0}
    assert page.text.count("<svg xmlns") == 6 and "<caption" in page.text


def test_a_gateway_that_has_told_nothing_says_so(world, sign_in):
    page = figures(sign_in(world.omar), world.hill)
    assert page.text.count("No figures in this time") == 6


@pytest.mark.parametrize("reach", ["6h", "7d", "90d", "a week"])
def test_every_reach_has_its_page(engine, world, sign_in, reach):
    SqlSink(engine).write(list(day(world.pier, noon(), hours=1, gap=(0, 0))))
    assert figures(sign_in(world.omar), world.pier, reach).status_code == 200


def test_hostile_names_of_instruments_stay_words(engine, world, sign_in):
    (one,) = day(world.pier, now() - timedelta(minutes=1), hours=1, gap=(0, 5))
    bad = "<b onclick='x'>\"&amp;"
    both = [replace(one, at=one.at - timedelta(minutes=10 * n), figures={f"frames_ok {bad}": float(n)}) for n in (1, 0)]
    SqlSink(engine).write(both)
    page = figures(sign_in(world.omar), world.pier)
    assert bad not in page.text
    assert told(page)["frames"]["tracks"][0]["name"] == f"{bad}, read"


def test_a_store_that_does_not_answer_is_said_and_nothing_else_breaks(app, world, sign_in, monkeypatch):
    class Silent:
        def steps(self, *_):
            raise NotToBeHad("500")

    monkeypatch.setitem(app.extensions, views.SOURCE, Silent())
    page = figures(sign_in(world.omar), world.pier)
    assert (page.status_code, "does not answer" in page.text, told(page)) == (200, True, {})


def test_where_none_are_kept_the_page_says_so(app, world, sign_in, monkeypatch):
    monkeypatch.setitem(app.extensions, views.SOURCE, None)
    page = figures(sign_in(world.omar), world.pier)
    assert (page.status_code, "No figures are kept" in page.text) == (200, True)


def test_a_strangers_gateway_is_not_there(engine, world, sign_in):
    SqlSink(engine).write(list(day(world.pier, noon(), hours=1, gap=(0, 0))))
    page = figures(sign_in(world.charlie), world.pier)
    assert (page.status_code, "frames" in page.text) == (404, False)
