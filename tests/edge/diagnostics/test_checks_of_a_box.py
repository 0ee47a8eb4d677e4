"""The checks of a box whose files are made up: heat, power, memory, time zone, papers."""

import dataclasses
import re
import socket
import threading
import tomllib
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.diagnostics.checks import CHECKS
from edge.diagnostics.checks.network import connect_packet
from edge.diagnostics.result import WORDS
from edge.diagnostics.running import run_all, run_one
from edge.diagnostics.site import Site
from tests.edge.test_checks import config, make

STATUS = {
    "address": "demo/main/gw-1",
    "uptime_s": 3600.0,
    "broker": {"state": "connected", "for_s": 10.0, "why": None},
    "outbox": {"depth": 0, "oldest_at": None, "dead": 0, "hwm": 7},
    "instruments": [],
    "alarms": {},
    "update": {"slot": None, "step": "idle"},
    "watchdog": {"asked": True, "fed": True},
}


def lm(**changes):
    return {"name": "lm", "state": "connected", "last_reading_s": 60.0, "garbled": 0, **changes}


@pytest.fixture
def site(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    return Site(config(tmp_path), Clock(), None, root, {"PATH": ""})


def put(site, path, text):
    file = site.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def case(site, check):
    [found] = CHECKS[check](site)
    return found.case


def running(site, **changes):
    return dataclasses.replace(site, status=STATUS | changes)


@pytest.mark.edge("EDGE-230", "Thirty-six named checks say what they found, and whatever is not well how to mend it.")
def test_there_are_thirty_six_checks_and_each_is_described():
    words = tomllib.loads(WORDS.read_text("utf-8"))
    assert len(CHECKS) == 36
    assert list(words) == [*CHECKS, "stumbled"]
    bad = [
        (check, name)
        for check, one in words.items()
        for name, told in one["cases"].items()
        if told["verdict"] in ("warn", "fail") and "fix" not in told
    ]
    assert bad == []


def test_every_case_that_code_names_has_words_and_every_word_a_case():
    told = {check: set(one["cases"]) for check, one in tomllib.loads(WORDS.read_text("utf-8")).items()}
    sources = "".join(path.read_text() for path in Path("edge/diagnostics").rglob("*.py"))
    named = set(re.findall(r'"([a-z_]+)"', sources))
    assert {one for cases in told.values() for one in cases} - named == set()


@pytest.mark.parametrize(
    ("millis", "bits", "found"),
    [
        ("45000", None, "ok"),
        ("72000", None, "warm"),
        ("81000", None, "hot"),
        ("45000", "0x4", "hot"),
        (None, None, "unknown"),
    ],
)
def test_heat_is_told_from_the_hottest_sensor_and_the_firmware(site, millis, bits, found):
    if millis:
        put(site, "sys/class/thermal/thermal_zone0/temp", "1000\n")
        put(site, "sys/class/thermal/thermal_zone1/temp", millis)
    if bits:
        put(site, "sys/devices/platform/soc/soc:firmware/get_throttled", bits)
    assert case(site, "temperature") == found


@pytest.mark.parametrize(
    ("bits", "found"),
    [("0x0", "ok"), ("0x1", "low"), ("0x50000", "was_low"), ("nonsense", "unknown"), (None, "unknown")],
)
@pytest.mark.edge("EDGE-231", "What a box cannot tell (power, heat) is skipped and said so, never called well.")
def test_a_weak_power_supply_is_told_where_a_box_can_tell(site, bits, found):
    if bits:
        put(site, "sys/devices/platform/soc/soc:firmware/get_throttled", bits)
    assert case(site, "power_supply") == found


def test_vcgencmd_is_asked_where_the_kernel_has_no_file(site, tmp_path):
    tool = tmp_path / "bin" / "vcgencmd"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho throttled=0x50005\n")
    tool.chmod(0o755)
    assert case(dataclasses.replace(site, environment={"PATH": str(tool.parent)}), "power_supply") == "low"


@pytest.mark.parametrize(("kb", "found"), [(900_000, "ok"), (80_000, "low"), (30_000, "out"), (None, "unknown")])
def test_memory(site, kb, found):
    if kb:
        put(site, "proc/meminfo", f"MemTotal: 1 kB\nMemAvailable:   {kb} kB\n")
    assert case(site, "memory") == found


@pytest.mark.parametrize(("zone", "found"), [("Asia/Shanghai", "ok"), ("Etc/UTC", "utc"), (None, "utc")])
def test_time_zone(site, zone, found):
    if zone:
        put(site, "etc/timezone", zone + "\n")
    assert case(site, "time_zone") == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (lm(), "ok"),
        (lm(last_reading_s=90_000.0), "long_ago"),
        (lm(last_reading_s=None), "never"),
        (lm(last_reading_s=None, garbled=3), "garbled"),
    ],
)
def test_when_an_instrument_was_last_heard(site, told, found):
    assert case(running(site, instruments=[told]), "last_heard") == found
    assert case(site, "last_heard") == "not_running"


@pytest.mark.parametrize(
    ("check", "changes", "found"),
    [
        ("cloud_confirms", {}, "ok"),
        ("cloud_confirms", {"alarms": {"cloud_silent": "…"}}, "silent"),
        ("cloud_confirms", {"broker": {"state": "waiting"}}, "silent"),
        ("cloud_confirms", {"outbox": STATUS["outbox"] | {"depth": 3}}, "under_way"),
        ("outbox_depth", {"outbox": {"depth": 9, "oldest_at": "2020-01-01T00:00:00Z"}}, "much"),
        ("outbox_depth", {"outbox": {"depth": 1001, "oldest_at": None}}, "much"),
        ("dead_letters", {"outbox": {"dead": 2}}, "some"),
        ("one_gateway", {"alarms": {"duplicate_identity": "…"}}, "duplicate"),
        ("one_gateway", {}, "ok"),
        ("watchdog", {}, "ok"),
        ("watchdog", {"watchdog": {"asked": True, "fed": False}}, "hungry"),
        ("watchdog", {"watchdog": {"asked": False, "fed": True}}, "none"),
        ("software_slots", {"update": {"slot": "a", "step": "idle", "refused": []}}, "ok"),
        ("software_slots", {"update": {"slot": "a", "step": "trial", "version": "2"}}, "under_way"),
        ("software_slots", {"update": {"slot": "a", "step": "idle", "refused": ["1.9"]}}, "refused"),
        ("broker_answers", {}, "connected"),
    ],
)
def test_what_the_running_gateway_says_is_judged(site, check, changes, found):
    assert case(running(site, **changes), check) == found


def test_a_damaged_outbox_is_found(site):
    site.config.data.mkdir()
    assert case(site, "outbox_integrity") == "none"
    (site.config.data / "outbox.db").write_bytes(b"no database at all" * 900)
    assert case(site, "outbox_integrity") == "damaged"


@pytest.mark.parametrize(("free", "found"), [(1000, "ok"), (100, "low"), (10, "full")])
def test_disk_space(site, monkeypatch, free, found):
    monkeypatch.setattr("edge.diagnostics.checks.disk.free_bytes", lambda _: free << 20)
    assert case(site, "disk_space") == found


def test_a_key_that_others_can_read_is_told(tmp_path):
    root = make(tmp_path, "root", ca=True)
    make(tmp_path, "demo/main/gw-1", root)
    papers = 'ca = "root.pem"\ncertificate = "demo-main-gw-1.pem"\nkey = "demo-main-gw-1.key"'
    site = Site(config(tmp_path, "mqtts://localhost:1", papers), Clock())
    key = tmp_path / "demo-main-gw-1.key"
    found = []
    for mode in (0o644, 0o600):
        key.chmod(mode)
        found.append(case(site, "tls_key_permissions"))
    assert (found, case(site, "tls_key")) == (["open", "ok"], "ok")


def answering(reply):
    """Something that listens and says this."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        call, _ = server.accept()
        with call:
            call.recv(100)
            call.sendall(reply)

    thread = threading.Thread(target=serve)
    thread.start()
    return server, thread


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (b"\x20\x03\x00\x00\x00", "ok"),
        (b"\x20\x03\x00\x87\x00", "not_us"),
        (b"\x20\x03\x00\x89\x00", "away"),
        (b"HTTP/1.1 400 Bad Request\r\n", "stranger"),
        (b"", "stranger"),
    ],
)
def test_whoever_answers_at_the_brokers_port_is_told_apart(tmp_path, reply, found):
    server, thread = answering(reply)
    site = Site(config(tmp_path, f"mqtt://127.0.0.1:{server.getsockname()[1]}"), Clock())
    told = case(site, "broker_answers")
    thread.join(5)
    server.close()
    assert told == found


def test_the_knock_is_a_connect_without_a_name_of_its_own():
    packet = connect_packet("gw", "secret")
    assert packet[:2] == bytes([0x10, len(packet) - 2])
    assert packet[2:12] == b"\x00\x04MQTT\x05\xc2\x00\x0a"
    assert packet[12:15] == b"\x00\x00\x00"
    assert packet.endswith(b"\x00\x02gw\x00\x06secret")


def test_a_check_that_stumbles_is_skipped_and_the_others_go_on(site, monkeypatch):
    def stumble(_):
        raise KeyError("Okafor")

    monkeypatch.setitem(CHECKS, "memory", stumble)
    [found] = run_one("memory", site)
    assert (found.verdict, "Okafor" in found.what) == ("skip", False)
    assert len(run_all(site)) >= len(CHECKS)
