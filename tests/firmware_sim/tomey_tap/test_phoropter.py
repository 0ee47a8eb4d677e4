"""The screen against the record: two witnesses who share no code."""

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.tomey_tap import TAP2000, Phoromat2000
from firmware_sim.wires import null_modem
from protocols.tomey_tap import decode
from tests.protocols.sheet.pieces import read
from tests.witnesses import disagreements

ELDERLY = Patient(right=Eye(addition=2.0), left=Eye(sphere=-12.5, addition=2.25))


async def printed(kind, patient=None, seed=3, **settings):
    phoropter = kind(null_modem()[0], seed=seed)
    for name, value in settings.items():
        setattr(phoropter, name, value)
    await phoropter.measure(patient)
    out = await phoropter.print()
    return out, read(decode(out.raw))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", [Phoromat2000, TAP2000])
async def test_the_record_holds_what_the_screen_shows(kind, seed):
    out, readings = await printed(kind, seed=seed)

    assert disagreements(out, readings) == []
    assert {one.instrument.maker for one in readings} == {kind.maker}


@pytest.mark.parametrize(("right", "left"), [(None, Eye()), (Eye(), None)])
async def test_an_eye_that_is_not_there_costs_the_other_nothing(right, left):
    assert disagreements(*await printed(Phoromat2000, Patient(right=right, left=left))) == []


async def test_powers_for_reading_stand_by_themselves():
    out, readings = await printed(Phoromat2000, ELDERLY, near=True)

    assert disagreements(out, readings) == []
    assert [one.distance for one in readings if getattr(one, "stage", "") == "final"] == ["far", "near"]


async def test_a_phoropter_without_tests_and_corneas_tells_five_stages():
    out, readings = await printed(Phoromat2000, tests=False, corneas=False)

    assert disagreements(out, readings) == []
    assert len(readings) == 5
