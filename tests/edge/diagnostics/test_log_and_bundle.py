"""The log on the disk and the file for support: no secret and no patient, whatever happened before."""

import contextlib
import io
import json
import logging
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.clock import Clock
from edge.config import load
from edge.diagnostics import ring
from edge.diagnostics.bundle import bundle
from edge.diagnostics.pulling import Asked, picked
from edge.diagnostics.redacting import GONE, doors, scrubbed, without_secrets
from edge.diagnostics.site import Site
from edge.refusals import OrderRefused
from edge.supervisor import Fitting
from edge.uplink.orders import Brought
from tests.edge.console.caller import CONFIG, DIGEST, console
from tests.edge.gateways import INSTRUMENT
from tests.edge.links.wires import PtyFar
from tests.edge.supervisor.test_supervisor import LineDriver

SECRETS = ("hunter-password-77", "dicom-secret-88", "PRIVATE-KEY-BODY", "402817", "commented-secret-99")
PEOPLE = ("Okafor", "Grace", "H-1001", "1961-04-12", "-4.25")


@pytest.fixture
def far():
    far = PtyFar()
    yield far
    far.close()


def planted(folder, url):
    """A configuration with secrets everywhere one may stand."""
    (folder / "data").mkdir()
    text = CONFIG.format(data=folder / "data", language="en", broker=1)
    text = text.replace('url = "mqtt', f'username = "gw"\npassword = "{SECRETS[0]}" # {SECRETS[4]}\nurl = "mqtt')
    text = text.replace('bind = "', f'pin = "{DIGEST}"\nbind = "')
    text += INSTRUMENT.format(n=0, url=url) + f'[instrument.settings]\napi_key = "{SECRETS[1]}"\n'
    (folder / "gateway.toml").write_text(text)
    return folder / "gateway.toml"


def texts(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def traces(found, words):
    return [(name, word) for name, text in found.items() for word in words if word in text]


@pytest.mark.edge("EDGE-232", "The file for support holds no secret, no patient and no measured value.")
async def test_the_bundle_of_a_gateway_that_measured_and_stumbled_holds_neither_secrets_nor_people(tmp_path, far):
    path = planted(tmp_path, far.path)
    async with console(path, fit=lambda _: Fitting(LineDriver, "lines", "7")) as (gateway, _):
        await far.write(b"Okafor Grace H-1001 1961-04-12 -4.25\nbad Okafor Grace\nboom\n")
        await far.read(1)
        log = logging.getLogger("emmetra.somebody")
        log.warning("signing in with %s", SECRETS[0])
        log.warning("-----BEGIN PRIVATE KEY-----%s-----END PRIVATE KEY-----", SECRETS[2])
        with contextlib.suppress(ValueError):
            int("Okafor, Grace")
        try:
            int("Okafor, Grace")
        except ValueError:
            logging.getLogger("asyncio").exception("Task exception was never retrieved: Okafor, Grace")
            log.exception("a step failed")
        found = texts((await gateway._verbs()["send_diagnostics"]({}))["file"].data)
        told = json.loads(found["outbox.json"])

    assert traces(found, SECRETS + PEOPLE) == []
    assert "said something at test_log_and_bundle" in found["log.txt"] and "ValueError at" in found["log.txt"]
    assert json.loads(found["config.json"])["broker"]["password"] == GONE
    assert json.loads(found["config.json"])["broker"]["url"] == "mqtt://127.0.0.1:1"
    assert sum(row[3] for row in told["results"]) >= 3
    assert {"checks.json", "status.json", "software.json", "system.json", "network.json"} <= set(found)


def test_a_bundle_can_be_made_of_a_gateway_that_never_ran(tmp_path):
    found = texts(bundle(Site(load(planted(tmp_path, "/dev/ttyNONE")), Clock())))
    assert json.loads(found["about.json"])["running"] is False
    assert traces(found, SECRETS) == []


@given(st.text(st.characters(categories=["L", "N"]), min_size=6))
def test_every_value_under_a_key_that_opens_a_door_is_removed(secret):
    table = {"broker": {"password": secret, "url": "x"}, "instrument": [{"settings": {"auth_token": secret}}]}
    assert doors(table) == {secret}
    assert json.dumps(without_secrets(table)).count(GONE) == 2
    assert secret not in scrubbed(f"it was {secret}.", frozenset(doors(table)))


@pytest.mark.parametrize(
    "text",
    [
        "mqtt://gw:opensesame@broker:1883",
        "pkcs11:token=x?pin-value=opensesame",
        "Authorization: Bearer opensesame12345",
        "-----BEGIN EC PRIVATE KEY-----\nopensesame\n",
    ],
)
def test_what_looks_like_a_secret_is_removed_wherever_it_stands(text):
    assert "opensesame" not in scrubbed(text)


@pytest.mark.edge("EDGE-233", "The log on the gateway's disk is bounded and survives a restart.")
def test_the_log_is_bounded_and_kept_over_a_restart(tmp_path, monkeypatch):
    monkeypatch.setattr(ring, "SIZE", 2_000)
    log = logging.getLogger("emmetra.test")
    for n in range(200):
        with ring.kept(tmp_path):
            log.warning("line %d", n)
    found = list(ring.lines(tmp_path))
    assert found[-1].endswith("line 199") and 50 < len(found) < 200
    assert sum(one.stat().st_size for one in (tmp_path / ring.FOLDER).iterdir()) < 5 * 2_000


def test_one_record_is_one_line_of_bounded_length(tmp_path):
    with ring.kept(tmp_path):
        logging.getLogger("emmetra.test").warning("a\nb\r\n%s", "x" * 9_000)
    [line] = ring.lines(tmp_path)
    assert "a | b" in line and len(line) < ring.LONGEST + 60


def test_a_disk_that_takes_no_log_stops_nothing(tmp_path):
    (tmp_path / ring.FOLDER).write_text("no folder")
    with ring.kept(tmp_path):
        logging.getLogger("emmetra.test").warning("dropped")
    assert list(ring.lines(tmp_path)) == []


LINES = [
    "2026-11-22T09:00:00.000Z INFO emmetra.a: one",
    "2026-11-22T09:05:00.000Z WARNING emmetra.b: two",
    "2026-11-22T09:10:00.000Z ERROR emmetra.a: three",
    "a line that is none",
]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ({}, ["one", "two", "three"]),
        ({"level": "warning"}, ["two", "three"]),
        ({"since": "2026-11-22T09:05:00Z"}, ["two", "three"]),
        ({"until": "2026-11-22T10:05:00+01:00"}, ["one"]),
        ({"regex": r"emmetra\.a"}, ["one", "three"]),
        ({"regex": "nothing"}, []),
    ],
)
def test_a_part_of_the_log_is_picked_by_time_loudness_and_pattern(args, found):
    assert [line.rpartition(" ")[2] for line in picked(LINES, Asked.of(args))] == found


@pytest.mark.parametrize(
    "args", [{"level": "loud"}, {"since": "yesterday"}, {"regex": "("}, {"regex": "a" * 201}, {"regex": 5}]
)
def test_an_order_for_a_log_that_makes_no_sense_is_refused(args):
    with pytest.raises(OrderRefused):
        Asked.of(args)


@pytest.mark.edge("EDGE-234", "A pattern that would take for ever is ended, and holds no instrument up.")
def test_a_pattern_that_takes_for_ever_is_ended(monkeypatch):
    monkeypatch.setattr("edge.diagnostics.pulling.PATIENCE_S", 0.5)
    line = "2026-11-22T09:00:00.000Z INFO emmetra.a: " + "a" * 60
    with pytest.raises(OrderRefused, match="takes too long"):
        picked([line], Asked.of({"regex": "(a+)+$b"}))


@pytest.mark.edge("EDGE-235", "Checks of a running gateway disturb no instrument.")
async def test_checks_leave_an_instrument_that_is_held_alone(tmp_path, far):
    async with console(planted(tmp_path, far.path), fit=lambda _: Fitting(LineDriver, "lines", "7")) as (gateway, _):
        await far.write(b"one\n")
        await far.read(1)
        found = {one.id: one.verdict for one in await gateway.checked("en")}
        await far.write(b"two\n")
        assert await far.read(1) == b"."
        readings = gateway.supervisor.keepers[0].readings
    assert (found["port_opens"], found["port_present"], readings) == ("ok", "ok", 4)


async def test_the_orders_of_the_diagnostics_answer(tmp_path, far):
    path = planted(tmp_path, far.path)
    async with console(path, fit=lambda _: Fitting(LineDriver, "lines", "7")) as (gateway, _):
        verbs = gateway._verbs()
        logging.getLogger("emmetra.test").warning("x" * 1500)
        checks = await verbs["check"]({"language": "zh"})
        log = await verbs["send_log"]({"level": "warning"})
        for _ in range(20):
            logging.getLogger("emmetra.test").warning("y" * 1500)
        long = await verbs["send_log"]({})
        with pytest.raises(OrderRefused):
            await verbs["sniff"]({})
        with pytest.raises(OrderRefused):
            await verbs["check"]({"language": "xx"})
        silence = await verbs["sniff"]({"dev": "i0", "seconds": 0.05})

    assert checks["checks"][0]["name"] == "配置"
    assert log["count"] == len(log["lines"]) >= 1
    assert isinstance(long["file"], Brought) and long["file"].name == "log.txt"
    assert silence["bytes"] == 0
