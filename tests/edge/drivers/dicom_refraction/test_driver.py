"""The driver over a null modem, with the simulated instruments at the far end, in fair and in foul weather."""

import asyncio

import pytest

from edge.drivers.dicom_refraction.driver import Driver
from edge.links.base import LinkLost
from edge.links.memory import null_modem
from firmware_sim.dicom_refraction import INSTRUMENTS, Autorefractor, example
from firmware_sim.weather import Weather
from protocols.framing import Garbled, Transmission

FILE = example("DICOM autorefractor", ("autorefraction",))


class Files:
    """A link whose chunks are whole files, as a watched folder's are; ``lost`` fails after the last."""

    whole = True

    def __init__(self, *files, lost=False):
        self.files, self.lost = list(files), lost

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.files:
            raise LinkLost("the folder went away") if self.lost else StopAsyncIteration
        return self.files.pop(0)


async def emitted(link):
    events = []

    async def emit(event):
        events.append(event)

    try:
        await Driver({}).run(link, emit)
    except LinkLost:
        events.append("lost")
    return events


async def test_every_file_is_one_transmission_at_once():
    events = await asyncio.wait_for(emitted(Files(FILE, b"%PDF-1.7", FILE)), 1)

    assert [type(event) for event in events] == [Transmission, Garbled, Transmission]
    assert events[0].raw == FILE


async def test_what_was_pending_when_the_link_failed_is_kept():
    link = Files(FILE, lost=True)
    link.whole = False
    transmission, lost = await emitted(link)

    assert (transmission.raw, lost) == (FILE, "lost")


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_a_simulated_instrument_is_heard_over_a_wire(kind):
    ours, theirs = null_modem()
    heard = asyncio.create_task(emitted(ours))
    instrument = kind(theirs, seed=7)
    await instrument.measure()
    printed = await instrument.print()
    await theirs.aclose()
    (event,) = await asyncio.wait_for(heard, 5)

    assert event.raw == printed.raw
    assert event.readings[0].instrument.model == instrument.name


@pytest.mark.parametrize("seed", range(4))
async def test_bad_weather_costs_no_good_file(seed):
    ours, theirs = null_modem()
    heard = asyncio.create_task(emitted(ours))
    weather = Weather(seed, drop=0.001, corrupt=0.001, drip=0.3, delay=0.0)
    instrument = Autorefractor(weather.over(theirs), seed=seed)
    for _ in range(3):
        await instrument.measure()
        await instrument.print()
    weather.clear()
    fair = await instrument.print()
    await theirs.aclose()
    events = await asyncio.wait_for(heard, 20)

    assert events[-1].raw == fair.raw
    assert isinstance(events[-1], Transmission)
    assert all(isinstance(event, Transmission | Garbled) for event in events)
