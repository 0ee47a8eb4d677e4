"""The simulated instruments against the decoder: two witnesses who share no code."""

import json
from datetime import datetime

import pytest

from firmware_sim.faliao import FR710, FR8900
from firmware_sim.instrument import NothingMeasured
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import null_modem
from protocols.faliao import decode
from protocols.readings import to_json
from tests.witnesses import holds

KINDS = [FR8900, FR710]


async def printed(kind, patient=None, **options):
    instrument = kind(null_modem()[0], clock=lambda: datetime(2024, 2, 5, 14, 7), **options)
    await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)
    return out, [json.loads(to_json(reading)) for reading in event.readings]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("options", [{}])
async def test_everything_on_the_screen_is_read_value_for_value(kind, seed, options):
    out, told = await printed(kind, seed=seed, **options)

    assert len(told) == len(out.shown)
    assert all(map(holds, told, out.shown))


@pytest.mark.parametrize("kind", KINDS)
async def test_an_eye_that_is_not_there_is_not_told(kind):
    _, told = await printed(kind, Patient(right=None, left=Eye()))

    assert all("right" not in reading and "left" in reading for reading in told)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_seed_says_the_same(kind):
    first, second, other = [(await printed(kind, seed=seed))[0].raw for seed in (4, 4, 5)]

    assert first == second != other


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_measured_nothing_printed(kind):
    with pytest.raises(NothingMeasured):
        await kind(null_modem()[0]).print()
