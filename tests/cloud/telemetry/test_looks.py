import json
from datetime import UTC, datetime, timedelta

import pytest

from cloud.telemetry import lines, looks
from protocols.envelope import Address, Malformed

NOW = datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC)
GATEWAY = Address("harbour", "main", "gw-1")


def said(**changed):
    told = {
        **{"v": 1, "at": "2026-11-22T10:00:00Z", "boot": "757c9eed", "run": "a1", "clk": {"state": "synced"}},
        **{"gauges": {"d": 3, "f9": 4.5}, "counters": {"rc": 1}, "instruments": {"lens-1": {"ok": 12, "ga": 1}}},
    }
    return json.dumps(told | changed).encode()


def read(**changed):
    return looks.of(1, 2, GATEWAY, said(**changed), NOW)


def test_short_names_become_those_that_are_kept():
    assert read().figures == {
        **{"outbox_depth": 3, "fsync_p99_ms": 4.5, "reconnects": 1},
        **{"frames_ok lens-1": 12, "frames_garbled lens-1": 1},
    }


def test_a_figure_of_a_newer_gateway_is_left_out():
    assert read(gauges={"d": 1, "zz": 9}, counters={}, instruments={}).figures == {"outbox_depth": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"gauges": {"zz": 1}, "counters": {}, "instruments": {}},
        {"gauges": {"d": 1e16}},
        {"gauges": {"d": "plenty"}},
        {"gauges": {"d": float("inf")}},
        {"instruments": {"": {"ok": 1}}},
        {"instruments": {"a\nb": {"ok": 1}}},
        {"instruments": {"back\\slash": {"ok": 1}}},
        {"instruments": {"x" * 61: {"ok": 1}}},
        {"instruments": {f"i{n}": {"ok": 1} for n in range(65)}},
        {"at": "noon"},
        {"v": 2},
    ],
)
@pytest.mark.edge("EDGE-255", "Figures that cannot be kept are dropped with a reason that quotes nothing of them.")
def test_what_cannot_be_kept_is_refused(changed):
    with pytest.raises(Malformed) as refusal:
        read(**changed)
    assert not any(word in str(refusal.value) for word in ("noon", "plenty", "back", "1e16"))


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2026-11-22T09:12:00Z", NOW - timedelta(minutes=48, seconds=30)),
        ("2026-11-22T11:00:00+01:00", NOW - timedelta(seconds=30)),
        ("1970-01-01T00:03:00Z", NOW),
        ("2027-11-22T10:00:00Z", NOW),
        ("2026-11-22T10:00:00", NOW),
    ],
)
def test_a_clock_that_cannot_be_gives_way_to_the_time_of_arrival(at, kept):
    assert read(at=at).at == kept


def test_lines_carry_tags_and_numbers():
    assert list(lines.of([read()])) == [
        "emmetra_gateway,gateway=gw-1,store=main,tenant=harbour "
        "fsync_p99_ms=4.5,outbox_depth=3,reconnects=1 1795341600",
        "emmetra_instrument,device=lens-1,gateway=gw-1,store=main,tenant=harbour "
        "frames_garbled=1,frames_ok=12 1795341600",
    ]


@pytest.mark.parametrize("dev", ["lens-1", "lens, 2", "a=b", "glas 欧阳", "d'or", "{x}"])
def test_whatever_an_instrument_is_called_its_line_is_valid(dev):
    assert all(lines.valid(line) for line in lines.of([read(instruments={dev: {"ok": 1.5}})]))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "emmetra_gateway,tenant=a outbox_depth=1",
        "emmetra_gateway outbox_depth=1 17",
        'emmetra_gateway,tenant=a outbox_depth="many" 17',
        "emmetra_gateway,tenant=a outbox_depth=nan 17",
        "emmetra_gateway,tenant=a outbox_depth=1 17\nother,tenant=b x=1 17",
        "other,tenant=a outbox_depth=1 17",
        "emmetra_gateway,tenant= outbox_depth=1 17",
        "emmetra_gateway,tenant=a b outbox_depth=1 17",
        "emmetra_gateway,tenant=a outbox_depth=true 17",
    ],
)
@pytest.mark.edge("EDGE-256", "A line that the store of figures would throw away without a word is never sent.")
def test_a_bad_line_is_found_before_it_is_sent(line):
    assert not lines.valid(line)
