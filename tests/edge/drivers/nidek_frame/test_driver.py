"""The driver over a null modem, with the simulated instruments at the far end, in fair and in foul weather."""

import asyncio

import pytest

from edge.drivers.nidek_frame.driver import Driver, device_code
from edge.links.base import LinkLost
from edge.links.memory import null_modem
from firmware_sim.nidek_frame import LM600P, ARK1a
from firmware_sim.weather import Weather
from protocols.framing import Garbled, Transmission
from tests.protocols.nidek_frame.frames import DAY, MANUAL_LM1000P, REQUEST, summed, unsummed

ANSWER = b"\x01CLM\x02SD\x17\x04\r"


class Desk:
    """A driver at work, and what it emitted."""

    def __init__(self, settings):
        self.ours, self.theirs = null_modem()
        self.events = []
        self.arrived = asyncio.Event()
        self.task = asyncio.create_task(Driver(settings).run(self.ours, self.emit))

    async def emit(self, event):
        self.events.append(event)
        self.arrived.set()

    async def next(self):
        await asyncio.wait_for(self.arrived.wait(), 5)
        self.arrived.clear()
        return self.events[-1]

    async def close(self):
        await self.theirs.aclose()
        await asyncio.wait_for(self.task, 5)


@pytest.fixture
async def desk():
    desks = []

    def sit(**settings):
        desks.append(Desk(settings))
        return desks[-1]

    yield sit
    for one in desks:
        await one.close()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, "RK"),
        ({"model": "LM-600PD"}, "LM"),
        ({"model": "AR-360A"}, "RM"),
        ({"model": "NT-530P"}, "NP"),
        ({"model": "LM-7", "device_code": "RK"}, "RK"),
        ({"model": "something else"}, "RK"),
    ],
)
def test_requests_are_answered_in_the_name_of_the_model(settings, code):
    assert device_code(settings) == code


def test_a_code_nobody_knows_is_refused_before_a_wire_is_opened():
    with pytest.raises(ValueError, match="no device code"):
        Driver({"device_code": "XX"})


async def test_a_request_is_answered_and_the_data_emitted(desk):
    at = desk(model="LM-1000P")
    await at.theirs.write(REQUEST)
    assert await anext(aiter(at.theirs)) == ANSWER

    await at.theirs.write(MANUAL_LM1000P)

    assert (await at.next()).raw == MANUAL_LM1000P


async def test_quiet_completes_a_transmission_without_checksum(desk):
    at = desk()
    await at.theirs.write(unsummed(DAY))

    assert (await at.next()).readings[0].integrity.checksum == "none"


async def test_a_pause_between_blocks_breaks_nothing(desk):
    at = desk()
    frame = summed([DAY])
    await at.theirs.write(frame[:60])
    await asyncio.sleep(0.5)
    await at.theirs.write(frame[60:])

    assert (await at.next()).raw == frame


async def test_hanging_up_completes_what_is_pending():
    at = Desk({})
    await at.theirs.write(unsummed(DAY))
    await at.close()

    assert [type(event) for event in at.events] == [Transmission]


class Broken:
    """A link that says some bytes and then fails; ``deaf`` fails on writing."""

    def __init__(self, *chunks, deaf=False):
        self.chunks, self.deaf = list(chunks), deaf

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.chunks:
            raise LinkLost("unplugged")
        return self.chunks.pop(0)

    async def write(self, data):
        if self.deaf:
            raise LinkLost("unplugged")


async def test_what_was_pending_when_the_wire_failed_is_kept():
    kept = []

    async def emit(event):
        kept.append(event)

    with pytest.raises(LinkLost):
        await Driver({}).run(Broken(unsummed(DAY), DAY[:30]), emit)

    assert b"".join(event.raw for event in kept) == unsummed(DAY) + DAY[:30]


async def test_an_answer_that_cannot_be_sent_costs_no_measurement():
    kept = []

    async def emit(event):
        kept.append(event)

    with pytest.raises(LinkLost):
        await Driver({}).run(Broken(REQUEST + MANUAL_LM1000P, deaf=True), emit)

    assert [type(event) for event in kept] == [Transmission]


async def test_a_full_disk_stops_the_driver():
    async def emit(event):
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        await Driver({}).run(Broken(MANUAL_LM1000P), emit)


@pytest.mark.parametrize("mode", ["NIDEK", "NCP10"])
@pytest.mark.parametrize("cr_code", [False, True])
async def test_a_simulated_instrument_is_heard_value_for_value(desk, mode, cr_code):
    at = desk(model="ARK-1a")
    ark = ARK1a(at.theirs, seed=7, mode=mode, cr_code=cr_code)

    measured = await ark.measure()
    printed = await ark.print()
    event = await at.next()

    assert printed.sent
    assert event.raw == printed.raw
    day = event.readings[1]
    assert (day.right.sphere, day.right.cylinder, day.right.axis) == measured.right.representative
    assert day.print_number == printed.print_number


async def test_with_the_wrong_code_the_instrument_shows_its_error_and_prints_again(desk):
    at = desk(device_code="RK")
    lensmeter = LM600P(at.theirs, seed=1, patience=0.3)
    await lensmeter.measure()

    printed = await lensmeter.print()

    assert not printed.sent
    assert lensmeter.display == "COMMUNICATION ERROR"


@pytest.mark.parametrize("seed", range(6))
async def test_bad_weather_costs_no_good_print_out(desk, seed):
    at = desk(model="ARK-1a")
    weather = Weather(seed, drop=0.001, corrupt=0.001, drip=0.3, delay=0.0)
    ark = ARK1a(weather.over(at.theirs), seed=seed, mode="NCP10")
    for _ in range(4):
        await ark.measure()
        await ark.print()
    weather.clear()
    await ark.measure()
    fair = await ark.print()
    while not (at.events and at.events[-1].raw.endswith(fair.raw[-20:])):
        await at.next()

    last = at.events[-1]
    assert isinstance(last, Transmission)
    assert last.raw == fair.raw
    for event in at.events:
        assert isinstance(event, Transmission | Garbled)
        if isinstance(event, Transmission) and event.readings[0].integrity.checksum == "ok":
            assert event.raw in ark.history
