"""The store works while the cloud is away, and what it did meanwhile arrives afterwards: in order, once."""

import contextlib
import hashlib

import pytest

from tests.journeys.desk import until
from tests.journeys.visitor import Refused


@contextlib.contextmanager
def away(desk, *parts):
    """These parts are ended for as long as the block lasts."""
    until(lambda: desk.status()["outbox"]["depth"] == 0)
    for part in parts:
        desk.parts.children.end(part)
    try:
        yield
    finally:
        for part in reversed(parts):
            getattr(desk.parts, part)()


def stored(desk, printed):
    digests = [hashlib.sha256(one.raw).hexdigest() for one in printed]
    found = desk.rows("SELECT sha256 FROM readings_capture WHERE sha256 = ANY(:d) ORDER BY epoch, seq", d=digests)
    return [digests.index(row.sha256) for row in found]


def readings_of(desk, printed):
    digests = [hashlib.sha256(one.raw).hexdigest() for one in printed]
    return desk.rows(
        "SELECT seq, reading_id FROM readings_reading WHERE body::json #>> '{integrity,raw_sha256}' = ANY(:d) "
        "ORDER BY seq",
        d=digests,
    )


@pytest.mark.edge(
    "EDGE-099",
    "Prints made while broker, intake and database are away arrive afterwards in order and once.",
)
@pytest.mark.parametrize(
    "parts", [("broker",), ("database",), ("ingest",), ("broker", "ingest", "database")], ids="+".join
)
def test_ten_prints_while_the_cloud_is_away_arrive_in_order_and_once(desk, parts):
    with away(desk, *parts):
        printed = [desk.bench.print("lensmeter") for _ in range(10)]
        if "broker" in parts:
            assert desk.status()["outbox"]["depth"] == 20
            until(lambda: desk.status()["broker"]["state"] == "waiting")

    until(lambda: len(stored(desk, printed)) == 10, 90)
    until(lambda: desk.status()["outbox"]["depth"] == 0, 60)
    assert stored(desk, printed) == list(range(10))
    assert len({row.reading_id for row in readings_of(desk, printed)}) == len(readings_of(desk, printed)) == 10


def test_the_pages_come_back_by_themselves_after_the_database(desk):
    alice = desk.sign_in("alice@harbour.example")
    with away(desk, "database"), pytest.raises(Refused, match=r"50[03]"):
        alice.get("/tray")

    assert "Okafor" in alice.get(f"/patients/{desk.patient('H-1001')}")


def test_a_gateway_killed_between_two_prints_keeps_both(desk):
    with away(desk, "broker"):
        first = desk.bench.print("lensmeter")
        until(lambda: desk.status()["outbox"]["depth"] == 2)
        desk.parts.children.kill("gateway")
        desk.parts.gateway()
        until(lambda: desk.listening("lensmeter"))
        second = desk.bench.print("lensmeter")
    until(lambda: len(stored(desk, [first, second])) == 2, 90)
    assert stored(desk, [first, second]) == [0, 1]
