"""The simulated instrument against the decoder: two witnesses who share no code."""

import json

import pytest

from firmware_sim.patients import Eye, Patient
from firmware_sim.tomey_top_xml import Topascope
from firmware_sim.wires import FolderWire
from protocols.readings import to_json
from protocols.tomey_top_xml import decode
from tests.witnesses import holds


async def printed(tmp_path, patient=None, **options):
    instrument = Topascope(FolderWire(tmp_path), **options)
    instrument.scan("H-1001")
    await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)
    return out, [json.loads(to_json(reading)) for reading in event.readings]


@pytest.mark.parametrize("options", [{}, {"pachymetry": False}, {"closed": False}])
@pytest.mark.parametrize("seed", range(6))
async def test_everything_the_screen_shows_is_read(options, seed, tmp_path):
    out, told = await printed(tmp_path, seed=seed, **options)

    assert len(told) == len(out.shown)
    assert [shown for shown in out.shown if not any(holds(one, shown) for one in told)] == []
    assert {one["patient_ref"]["id"] for one in told} == {"H-1001"}
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [out.raw]


async def test_somebody_with_one_eye(tmp_path):
    out, told = await printed(tmp_path, Patient(right=Eye(), left=None))

    assert all("left" not in one and "right" in one for one in told)
    assert all(any(holds(one, shown) for one in told) for shown in out.shown)
