"""The screen against the record: two witnesses who share no code."""

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.topcon_ct import CT80
from firmware_sim.wires import null_modem
from protocols.topcon_ct import decode
from tests.protocols.sheet.pieces import codes, read
from tests.witnesses import disagreements


async def printed(patient=None, seed=3, **settings):
    instrument = CT80(null_modem()[0], seed=seed)
    for name, value in settings.items():
        setattr(instrument, name, value)
    await instrument.measure(patient)
    out = await instrument.print()
    return out, read(decode(out.raw))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("mode", ["1", "STD2"])
@pytest.mark.parametrize("between", ["", "\r\n"])
async def test_the_record_holds_what_the_screen_shows(seed, mode, between):
    assert disagreements(*await printed(seed=seed, mode=mode, between=between)) == []


@pytest.mark.parametrize(("right", "left"), [(None, Eye()), (Eye(), None)])
async def test_an_eye_that_is_not_there_costs_the_other_nothing(right, left):
    assert disagreements(*await printed(Patient(right=right, left=left))) == []


async def test_a_scanned_patient_travels_with_the_print_out():
    out, (reading,) = await printed(patient_id="H-1001")

    assert (reading.patient_ref.id, reading.print_number) == ("H-1001", out.print_number)


@pytest.mark.parametrize("mode", ["1", "STD2"])
async def test_an_average_of_doubtful_puffs_is_told(mode):
    out, readings = await printed(shaky=True, mode=mode)

    assert disagreements(out, readings) == []
    assert "doubtful_average" in codes(readings[0])


async def test_a_pressure_above_its_range_says_over():
    out, readings = await printed(Patient(right=Eye(iop_mmhg=70), left=Eye()))

    assert disagreements(out, readings) == []
    assert (readings[0].right.error, readings[0].right.iop_mmhg) == ("OVER", None)


async def test_whole_averages_are_a_setting():
    _, (reading,) = await printed(step="1")

    assert "." not in str(reading.right.iop_mmhg)
