"""The simulated instruments against the decoder: two witnesses who share no code."""

import json

import pytest

from firmware_sim.nidek_xml import INSTRUMENTS, ARK1s
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import FolderWire
from protocols.nidek_xml import decode
from protocols.readings import to_json
from tests.witnesses import holds


async def printed(make, tmp_path, patient=None, **options):
    instrument = make(FolderWire(tmp_path), **options)
    instrument.scan("H-1001")
    await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)
    return out, [json.loads(to_json(reading)) for reading in event.readings]


@pytest.mark.parametrize("make", INSTRUMENTS.values())
@pytest.mark.parametrize("seed", range(8))
async def test_everything_the_screen_shows_is_read(make, seed, tmp_path):
    out, told = await printed(make, tmp_path, seed=seed)

    assert len(told) == len(out.shown)
    assert [shown for shown in out.shown if not any(holds(one, shown) for one in told)] == []
    assert {one["patient_ref"]["id"] for one in told} == {"H-1001"}
    assert all("notes" not in one for one in told)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [out.raw]


async def test_somebody_with_one_eye(tmp_path):
    out, told = await printed(ARK1s, tmp_path, Patient(right=None, left=Eye()))

    assert all("right" not in one and "left" in one for one in told)
    assert all(any(holds(one, shown) for one in told) for shown in out.shown)


@pytest.mark.parametrize("sign", ["ø", "Φ"])
async def test_the_firmwares_sign_before_a_ring(sign, tmp_path):
    _, told = await printed(INSTRUMENTS["tonoref-iii-lan"], tmp_path, ring_sign=sign)

    assert [one["ring"] for one in told if one["kind"] == "keratometry"] == ["2.4 mm", "3.3 mm"]
