"""The same day in the bounded table and in VictoriaMetrics: written by our sinks, read back as the same series."""

import logging
from contextlib import contextmanager

import pytest

from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Misconfigured, Settings
from cloud.telemetry import sinks, sources, views
from cloud.telemetry.choices import REACHES
from cloud.telemetry.errors import NotToBeHad
from cloud.telemetry.plotting import NAMES, plots
from cloud.telemetry.series import Window
from cloud.telemetry.sources import PromSource, SqlSource, Whose
from tests.cloud.telemetry.days_here import day, noon
from tests.cloud.telemetry.peer_here import flushed, needs_victoria, victoria
from tests.cloud.telemetry.test_pages import figures, told

TOKEN = "a-token-that-nobody-may-read"
pytestmark = pytest.mark.peer


@contextmanager
def whose(engine, place, tenant_id=None):
    with unit_of_work(engine, tenant_id or place.sender.tenant_id) as session:
        yield Whose(session, place.sender.gateway_id, place.address)


def read(engine, source, place, window, names=NAMES):
    with whose(engine, place) as asked:
        return source.steps(asked, names, window)


def window(reach):
    return Window.back(noon(), REACHES[reach].length, REACHES[reach].step)


@pytest.fixture(scope="module")
def address():
    with victoria() as found:
        yield found


@pytest.fixture
def settings(address):
    return Settings("", "", influx_url=address)


@needs_victoria
@pytest.mark.edge("EDGE-260", "A day of figures plots the same from VictoriaMetrics and from the bounded table.")
def test_a_day_reads_back_the_same_from_both(engine, world, settings, address):
    looks = [look for place in (world.pier, world.hill, world.mill) for look in day(place, noon())]
    for one in (sinks.SqlSink(engine), sinks.sink(settings, engine)):
        one.write(looks)
        one.close()
    flushed(address)
    for reach in (0, 1):
        sql, prom = (read(engine, source, world.pier, window(reach)) for source in (SqlSource(), PromSource(settings)))
        assert {name: list(values) for name, values in prom.items()} == {n: list(v) for n, v in sql.items()}
        assert plots(prom, window(reach)) == plots(sql, window(reach))
    assert len(sql["temperature_c"]) == 132
    assert set(sql) >= {"frames_ok ark", "frames_ok lens, 2", "outbox_depth", "reconnects"}


@needs_victoria
@pytest.mark.edge("EDGE-261", "The chain is forced when figures are read back from a store that knows no chains.")
def test_another_chain_reads_nothing(engine, world, settings, address):
    sink = sinks.sink(settings, engine)
    sink.write(list(day(world.mill, noon(), hours=1, gap=(0, 0))))
    sink.close()
    flushed(address)
    source = PromSource(settings)
    assert read(engine, source, world.mill, window(0)) != {}
    assert read(engine, source, world.pier, window(0)) == {}


@needs_victoria
def test_a_token_is_sent_and_never_logged(engine, world, caplog):
    caplog.set_level(logging.DEBUG)
    with victoria("-httpAuth.username=u", "-httpAuth.password=p") as guarded:
        settings = Settings("", "", influx_url=guarded, influx_token=TOKEN)
        sink = sinks.InfluxSink(settings, sleep=lambda _: None)
        sink.write(list(day(world.pier, noon(), hours=1, gap=(0, 0))))
        sink.close()
        with pytest.raises(NotToBeHad, match="401"):
            read(engine, PromSource(settings), world.pier, window(0))
    assert "401" in caplog.text
    assert TOKEN not in caplog.text and TOKEN not in repr(settings)


def test_an_endpoint_that_is_away_is_tried_again_and_given_up(engine, world):
    waits = []
    sink = sinks.InfluxSink(Settings("", "", influx_url="http://127.0.0.1:9"), sleep=waits.append)
    sink.write(list(day(world.pier, noon(), hours=1, gap=(0, 0))))
    sink.close()
    assert waits == [0.5, 1.0, 2.0, 4.0]
    with pytest.raises(NotToBeHad):
        read(engine, PromSource(Settings("", "", influx_url="http://127.0.0.1:9")), world.pier, window(0))


def test_settings_choose_sink_and_source(engine):
    def chosen(**given):
        settings = Settings("", "", **given)
        return type(sinks.sink(settings, engine)), type(sources.source(settings))

    url = "http://127.0.0.1:9"
    assert chosen() == (sinks.SqlSink, sources.SqlSource)
    assert chosen(influx_url=url) == (sinks.InfluxSink, sources.PromSource)
    assert chosen(influx_url=url, influx_reads="flux") == (sinks.InfluxSink, sources.FluxSource)
    assert chosen(influx_url=url, telemetry="sql") == (sinks.SqlSink, sources.SqlSource)
    assert chosen(telemetry="none") == (sinks.NoSink, type(None))
    for wrong in ({"telemetry": "influx"}, {"telemetry": "csv"}, {"influx_url": url, "influx_reads": "sql"}):
        with pytest.raises(Misconfigured):
            chosen(**wrong)


def test_the_question_in_flux_names_the_chain_and_shifts_the_windows(world):
    asked = sources.flux("emmetra", world.pier.address, ["outbox_depth"], window(0), "max")
    start, end = (int(at.timestamp()) for at in (window(0).start, window(0).end))
    assert f"range(start: {start + 1}, stop: {end + 1})" in asked
    assert f'r.tenant == "{world.pier.address.tenant}"' in asked
    assert "aggregateWindow(every: 600s, fn: max, createEmpty: false)" in asked


def test_victoria_is_asked_for_one_gateway_alone(world):
    asked = sources._selector(world.pier.address, ["outbox_depth"])
    assert f'tenant="{world.pier.address.tenant}",store="pier",gateway="gw-1"' in asked


@needs_victoria
def test_the_page_plots_the_same_day_from_either(app, engine, world, settings, address, sign_in, monkeypatch):
    at = noon()
    monkeypatch.setattr(views, "now", lambda: at)
    told_by = {}
    for name, given in (("sql", Settings("", "")), ("influx", settings)):
        sink = sinks.sink(given, engine)
        sink.write(list(day(world.pier, at)))
        sink.close()
        flushed(address)
        monkeypatch.setitem(app.extensions, views.SOURCE, sources.source(given))
        told_by[name] = told(figures(sign_in(world.omar), world.pier))
        stranger = figures(sign_in(world.charlie), world.pier)
        assert (stranger.status_code, told(stranger)) == (404, {})
    assert len(told_by["sql"]["temperature"]["tracks"][0]["points"]) == 133
    assert told_by["influx"] == told_by["sql"]
