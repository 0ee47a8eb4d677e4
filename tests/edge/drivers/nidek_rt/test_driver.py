"""The driver over a null modem with simulated phoropters at the far end, in fair and in foul weather."""

import json

import pytest

from edge.drivers.nidek_rt.driver import Driver
from edge.links.base import LinkLost
from firmware_sim.nidek_rt import RT3100, RT5100
from firmware_sim.nidek_rt.printing import EXTRAS, PARTS
from firmware_sim.weather import Weather
from protocols.framing import Garbled, Transmission
from protocols.nidek_rt import decode
from protocols.readings import to_json
from tests.edge.drivers.desk import desk, heard, weathered
from tests.protocols.nidek_rt.printed import FULL
from tests.witnesses import holds

EVERYTHING = (*PARTS, *EXTRAS)


@pytest.mark.parametrize("model", [RT3100, RT5100])
async def test_what_a_phoropter_shows_is_heard(model):
    printed, event = await heard(Driver({}), lambda wire: model(wire, seed=3, parts=EVERYTHING))

    assert event.raw == printed.raw
    for shown, reading in zip(printed.shown, event.readings, strict=True):
        assert holds(json.loads(to_json(reading)), shown)


async def test_a_print_out_at_the_pace_of_the_line_is_one():
    printed, event = await heard(Driver({}), lambda wire: RT5100(wire, seed=3, baud=24_000))

    assert event.raw == printed.raw


async def test_pressing_print_twice_tells_it_twice():
    async with desk(Driver({})) as at:
        await at.wire.write(FULL + FULL)
        await at.until(lambda event: len(at.events) == 2)

    assert [event.raw for event in at.events] == [FULL, FULL]


async def test_a_print_out_without_its_end_is_taken_when_the_line_is_quiet(monkeypatch):
    monkeypatch.setattr("protocols.nidek_rt.decoder.Decoder.pause", 0.05)
    async with desk(Driver({})) as at:
        await at.wire.write(FULL[:-2])
        event = await at.until(lambda event: True)

    assert isinstance(event, Transmission)


@pytest.mark.parametrize("seed", range(6))
async def test_bad_weather_costs_no_good_print_out(seed):
    weather = Weather(seed, drop=0.002, corrupt=0.002, drip=0.3)
    fair, event = await weathered(Driver({}), lambda wire: RT5100(wire, seed=seed, parts=EVERYTHING), weather)

    assert event == decode(fair.raw)[0]


class Broken:
    """A link that says some bytes and then fails."""

    def __init__(self, *chunks):
        self.chunks = list(chunks)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.chunks:
            raise LinkLost("unplugged")
        return self.chunks.pop(0)


async def test_what_was_pending_when_the_wire_failed_is_kept():
    kept = []

    async def emit(event):
        kept.append(event)

    with pytest.raises(LinkLost):
        await Driver({}).run(Broken(b"zap", FULL, FULL[:30]), emit)

    assert [type(event) for event in kept] == [Garbled, Transmission, Garbled]
    assert b"".join(event.raw for event in kept) == b"zap" + FULL + FULL[:30]


def test_a_handshake_nobody_knows_is_refused_before_a_wire_is_opened():
    with pytest.raises(ValueError, match="expected ask or direct"):
        Driver({"handshake": "shout"})
