"""The screen against the record: two witnesses who share no code."""

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.tomey_format2 import RT6000
from firmware_sim.wires import null_modem
from protocols.tomey_format2 import decode
from tests.protocols.sheet.pieces import read
from tests.witnesses import disagreements


async def printed(patient=None, seed=3, **settings):
    instrument = RT6000(null_modem()[0], seed=seed)
    for name, value in settings.items():
        setattr(instrument, name, value)
    await instrument.measure(patient)
    out = await instrument.print()
    return out, read(decode(out.raw))


@pytest.mark.parametrize("seed", range(8))
async def test_the_record_holds_what_the_screen_shows(seed):
    assert disagreements(*await printed(seed=seed)) == []


@pytest.mark.parametrize(("right", "left"), [(None, Eye()), (Eye(), None)])
async def test_an_eye_that_is_not_there_costs_the_other_nothing(right, left):
    assert disagreements(*await printed(Patient(right=right, left=left))) == []


@pytest.mark.parametrize("times", [1, 2])
async def test_with_fewer_than_three_readings_there_is_no_star(times):
    out, readings = await printed(times=times)

    assert disagreements(out, readings) == []
    assert (readings[0].right.sphere is None) is (times == 2)


async def test_without_corneas_nothing_is_left_over():
    _, (reading,) = await printed(corneas=False)

    assert reading.extra == {}
