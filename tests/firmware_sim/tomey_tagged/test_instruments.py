"""The screen against the record: two witnesses who share no code."""

from datetime import datetime

import pytest

from firmware_sim.instrument import NothingMeasured
from firmware_sim.patients import Eye, Patient
from firmware_sim.tomey_tagged import CX2000, INSTRUMENTS, RC5000
from firmware_sim.wires import null_modem
from protocols.tomey_tagged import decode
from tests.protocols.sheet.pieces import codes, read
from tests.witnesses import disagreements

PRESSED = datetime(2024, 2, 5, 14, 7)


async def printed(kind, patient=None, seed=3, **settings):
    instrument = kind(null_modem()[0], seed=seed, clock=lambda: PRESSED)
    for name, value in settings.items():
        setattr(instrument, name, value)
    await instrument.measure(patient)
    out = await instrument.print()
    return out, read(decode(out.raw))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_the_record_holds_what_the_screen_shows(kind, seed):
    assert disagreements(*await printed(kind, seed=seed)) == []


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_an_eye_that_is_not_there_is_not_sent(kind):
    out, readings = await printed(kind, Patient(right=None, left=Eye()))

    assert disagreements(out, readings) == []
    assert all(reading.right is None and reading.left is not None for reading in readings)


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_the_same_seed_gives_the_same_bytes(kind):
    first, second, other = [(await printed(kind, seed=seed))[0].raw for seed in (4, 4, 5)]

    assert first == second != other


async def test_with_two_readings_there_is_no_average_and_none_is_made():
    out, readings = await printed(RC5000, times=2)

    assert disagreements(out, readings) == []
    assert readings[0].right.sphere is None
    assert "representative_missing" in codes(readings[0])


async def test_one_reading_is_its_own_value():
    assert disagreements(*await printed(RC5000, times=1)) == []


async def test_a_scanned_patient_travels_with_the_print_out():
    _, readings = await printed(RC5000, patient_id="H-1001")

    assert [reading.patient_ref.id for reading in readings] == ["H-1001"] * 2


async def test_the_rodenstock_adds_its_indices():
    _, (_, cornea) = await printed(CX2000)

    assert set(cornea.extra) == {"FM_IF", "KAI_R", "KRI_R", "KAI_L", "KRI_L"}


async def test_nothing_measured_nothing_printed():
    with pytest.raises(NothingMeasured):
        await RC5000(null_modem()[0]).print()
