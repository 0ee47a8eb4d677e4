"""The screen against the record: two witnesses who share no code."""

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.tomey_classic import INSTRUMENTS, RC5000, TL3000C
from firmware_sim.wires import null_modem
from protocols.tomey_classic import decode
from tests.protocols.sheet.pieces import read
from tests.witnesses import disagreements


async def printed(kind, patient=None, seed=3, **settings):
    instrument = kind(null_modem()[0], seed=seed)
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


async def test_a_unit_that_writes_the_letter_is_read_the_same():
    assert disagreements(*await printed(RC5000, eye_mark="O")) == []


async def test_lenses_in_a_frame_are_read_the_same():
    out, readings = await printed(TL3000C, framed=True)

    assert disagreements(out, readings) == []
    assert readings[0].print_number == out.print_number


async def test_powers_above_ten_keep_their_columns():
    assert (
        disagreements(*await printed(RC5000, Patient(right=Eye(sphere=-12.5, cylinder=-4.0), left=Eye(sphere=11.0))))
        == []
    )
