"""The screen against the record: two witnesses who share no code."""

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.topcon_rm import KR8900
from firmware_sim.wires import null_modem
from protocols.topcon_rm import decode
from tests.protocols.sheet.pieces import read
from tests.witnesses import disagreements


async def printed(patient=None, seed=3, **settings):
    instrument = KR8900(null_modem()[0], seed=seed)
    for name, value in settings.items():
        setattr(instrument, name, value)
    await instrument.measure(patient)
    out = await instrument.print()
    return out, read(decode(out.raw))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("blanks", [True, False])
async def test_the_record_holds_what_the_screen_shows(seed, blanks):
    assert disagreements(*await printed(seed=seed, blanks=blanks)) == []


@pytest.mark.parametrize(("right", "left"), [(None, Eye()), (Eye(), None)])
async def test_an_eye_that_is_not_there_costs_the_other_nothing(right, left):
    assert disagreements(*await printed(Patient(right=right, left=left))) == []


async def test_powers_above_ten_keep_their_widths():
    assert disagreements(*await printed(Patient(right=Eye(sphere=-12.5), left=Eye(sphere=11.0, cylinder=-5.0)))) == []
