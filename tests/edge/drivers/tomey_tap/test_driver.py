"""The driver over a null modem, with the simulated phoropter at the far end, in fair and in foul weather."""

import asyncio
from decimal import Decimal

import pytest

from edge.drivers.tomey_tap.driver import Driver
from edge.links.base import LinkLost
from edge.refusals import OrderRefused
from firmware_sim.tomey_tap import Phoromat2000
from firmware_sim.weather import Weather
from protocols.framing import Garbled, Transmission
from protocols.readings import Autorefraction, AutorefractionEye, Instrument, Integrity
from tests.edge.drivers.one_driver import Broken, Desk, kept_of
from tests.protocols.tomey_tap.messages import WHOLE

EYES = Autorefraction(
    instrument=Instrument(maker="m", model="n", dialect="d"),
    integrity=Integrity(checksum="none", raw_sha256="0" * 64),
    right=AutorefractionEye(sphere=Decimal("-1.25"), cylinder=Decimal("-0.50"), axis=90),
    left=AutorefractionEye(sphere=Decimal("0.25"), cylinder=Decimal("0.00"), axis=0),
)


@pytest.fixture
async def desk():
    at = Desk(Driver({}))
    yield at
    await at.close()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
async def test_a_simulated_phoropter_is_heard(desk, end):
    phoropter = Phoromat2000(desk.theirs, seed=7)
    phoropter.end = end
    await phoropter.measure()
    printed = await phoropter.print()

    event = await desk.next()
    assert isinstance(event, Transmission)
    assert event.raw == printed.raw.rstrip()


@pytest.fixture
async def running():
    """A desk whose driver holds its link already."""
    desks = []

    async def sit(**settings):
        desks.append(Desk(Driver(settings)))
        await asyncio.sleep(0)
        return desks[-1]

    yield sit
    for one in desks:
        await one.close()


async def test_what_is_sent_stands_on_the_phoropters_screen(running):
    desk = await running(model="Phoromat 2000")
    phoropter = Phoromat2000(desk.theirs)
    listening = asyncio.create_task(phoropter.listen())

    sent = await desk.driver.send([EYES], "H-1001")
    await asyncio.wait_for(phoropter.taken.wait(), 5)
    listening.cancel()

    assert (sent, desk.driver.confirms) == (("autorefraction",), False)
    assert phoropter.screen == {
        "AR": {
            "SP": {"left": "0.25", "right": "-1.25"},
            "CY": {"left": "0.00", "right": "-0.50"},
            "AX": {"left": "0", "right": "90"},
        }
    }


async def test_a_phoropter_that_hears_nothing_is_not_noticed(running):
    """No answer is known, so this is all that "sent" can mean; the wire page says so."""
    desk = await running()
    phoropter = Phoromat2000(desk.theirs)
    phoropter.asleep = True
    listening = asyncio.create_task(phoropter.listen())

    assert await desk.driver.send([EYES], "") == ("autorefraction",)
    listening.cancel()
    assert phoropter.screen == {}


async def test_what_cannot_be_sent_is_refused_in_a_sentence(desk):
    with pytest.raises(OrderRefused, match="nothing in it"):
        await desk.driver.send([], "")


async def test_without_a_wire_nothing_is_sent():
    with pytest.raises(OrderRefused, match="not connected"):
        await Driver({}).send([EYES], "")


class Deaf(Broken):
    """A link on which nothing can be written; it hangs until it is told to fail."""

    def __init__(self):
        super().__init__()
        self.unplugged = asyncio.Event()

    async def __anext__(self):
        await self.unplugged.wait()
        raise LinkLost("unplugged")

    async def write(self, data):
        raise LinkLost("unplugged")


async def test_a_plug_that_comes_out_while_sending_is_told():
    driver, link = Driver({}), Deaf()

    async def emit(event):
        raise AssertionError(event)

    running = asyncio.create_task(driver.run(link, emit))
    await asyncio.sleep(0)
    with pytest.raises(OrderRefused, match="unplugged"):
        await driver.send([EYES], "")
    link.unplugged.set()
    with pytest.raises(LinkLost):
        await running
    with pytest.raises(OrderRefused, match="not connected"):
        await driver.send([EYES], "")


@pytest.mark.parametrize(
    ("model", "name"), [("Phoromat 2000", "Phoromat 2000"), ("TAP-2000", "TAP-2000"), ("é", "Phoromat 2000")]
)
async def test_the_phoropter_is_addressed_by_its_model(running, model, name):
    desk = await running(model=model)
    await desk.driver.send([EYES], "")
    said = await anext(aiter(desk.theirs))

    assert f"*{name}|".encode() in said


async def test_what_was_pending_when_the_wire_failed_is_kept():
    kept = await kept_of(Driver({}), WHOLE[:40], WHOLE[40:] + WHOLE[:30])

    assert [type(event) for event in kept] == [Transmission, Garbled]
    assert b"".join(event.raw for event in kept) == WHOLE + WHOLE[:30]


@pytest.mark.parametrize("seed", range(2))
async def test_bad_weather_costs_no_good_print_out(desk, seed):
    weather = Weather(seed, drop=0.001, corrupt=0.001)
    phoropter = Phoromat2000(weather.over(desk.theirs), seed=seed)
    for _ in range(3):
        await phoropter.measure()
        await phoropter.print()
    weather.clear()
    await phoropter.measure()
    fair = await phoropter.print()

    event = await desk.until(fair.raw.rstrip())
    assert isinstance(event, Transmission)
    assert all(isinstance(one, Transmission | Garbled) for one in desk.events)
