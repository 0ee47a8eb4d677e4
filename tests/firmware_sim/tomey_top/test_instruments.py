"""The screen against the record: two witnesses who share no code."""

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.tomey_top import TOP1000, Topascope
from firmware_sim.wires import null_modem
from protocols.tomey_top import decode
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
@pytest.mark.parametrize("kind", [Topascope, TOP1000])
async def test_the_record_holds_what_the_screen_shows(kind, seed):
    out, readings = await printed(kind, seed=seed)

    assert disagreements(out, readings) == []
    assert [one.instrument.maker for one in readings] == [kind.maker] * 2
    assert readings[0].print_number.endswith(out.print_number)


@pytest.mark.parametrize("dashes", [True, False])
@pytest.mark.parametrize(("right", "left"), [(None, Eye()), (Eye(), None)])
async def test_an_eye_that_is_not_there_costs_the_other_nothing(dashes, right, left):
    assert disagreements(*await printed(Topascope, Patient(right=right, left=left), dashes=dashes)) == []


async def test_without_thickness_it_shows_pressure_alone():
    out, readings = await printed(Topascope, thickness=False)

    assert disagreements(out, readings) == []
    assert len(readings) == 1


@pytest.mark.parametrize("banner", ["", "Rodenstock"])
async def test_a_high_pressure_and_a_thick_cornea_keep_their_columns(banner):
    eye = Eye(iop_mmhg=58, cct_um=640)

    assert disagreements(*await printed(Topascope, Patient(right=eye, left=Eye(iop_mmhg=6)), banner=banner)) == []
