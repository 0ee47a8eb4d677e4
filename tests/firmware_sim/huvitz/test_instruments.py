"""The simulated HRK-8000A against the decoder: two witnesses who share no code."""

import json
from datetime import datetime

import pytest

from firmware_sim.huvitz import HRK8000A, RMK800
from firmware_sim.instrument import NothingMeasured
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import null_modem
from protocols.huvitz import decode
from protocols.readings import to_json
from tests.witnesses import holds


async def printed(patient=None, **options):
    instrument = HRK8000A(null_modem()[0], clock=lambda: datetime(2024, 2, 5, 14, 7), **options)
    await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)
    return out, [json.loads(to_json(reading)) for reading in event.readings]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("options", [{}, {"pd": False}, {"gap": "", "words": "EYE E"}, {"corneas": False}])
async def test_everything_on_the_screen_is_read_value_for_value(seed, options):
    out, told = await printed(seed=seed, **options)

    assert len(told) == len(out.shown)
    assert all(map(holds, told, out.shown))


async def test_an_eye_that_is_not_there_is_not_sent():
    _, told = await printed(Patient(right=None, left=Eye()))

    assert all("right" not in reading and "left" in reading and "pd" not in reading for reading in told)


async def test_a_cylinder_of_zero_has_axis_000():
    out, (refraction,) = await printed(Patient(right=Eye(cylinder=0.0), left=None), seed=2, corneas=False)

    assert (b"+000" in out.raw) == (refraction["right"]["cylinder"] == "0.00")


@pytest.mark.parametrize("patient", [None, Patient(right=Eye(), left=None), Patient(right=None, left=Eye())])
async def test_the_averages_of_newer_firmware_are_read_value_for_value(patient):
    instrument = RMK800(null_modem()[0], seed=5)
    await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)

    assert [holds(json.loads(to_json(one)), shown) for one, shown in zip(event.readings, out.shown, strict=True)] == [
        True
    ]


async def test_nothing_measured_nothing_printed():
    with pytest.raises(NothingMeasured):
        await HRK8000A(null_modem()[0]).print()
