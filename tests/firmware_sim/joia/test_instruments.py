"""The simulated instruments against the decoder: two witnesses who share no code."""

import json

import pytest

from firmware_sim.joia import CL300, CV5000, INSTRUMENTS, KR800S
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import FolderWire
from protocols.joia import decode
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
@pytest.mark.parametrize("seed", range(6))
async def test_everything_the_screen_shows_is_read(make, seed, tmp_path):
    out, told = await printed(make, tmp_path, seed=seed)

    assert len(told) == len(out.shown)
    assert [shown for shown in out.shown if not any(holds(one, shown) for one in told)] == []
    assert {one["patient_ref"]["id"] for one in told} == {"H-1001"}
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [out.raw]


@pytest.mark.parametrize("make", INSTRUMENTS.values())
async def test_somebody_with_one_eye(make, tmp_path):
    out, told = await printed(make, tmp_path, Patient(right=None, left=Eye()))

    assert all("right" not in one for one in told)
    assert all(any(holds(one, shown) for one in told) for shown in out.shown)


async def test_a_european_pcs_decimal_commas(tmp_path):
    out, told = await printed(CV5000, tmp_path, comma=True)

    assert b"13,75" in out.raw and b"13.75" not in out.raw
    assert all(any(holds(one, shown) for one in told) for shown in out.shown)


async def test_a_lensmeter_that_was_never_given_the_time(tmp_path):
    kind = type("Clockless", (CL300,), {"clockless": True})
    _, told = await printed(kind, tmp_path)

    assert [note["code"] for note in told[0]["notes"]] == ["clock_implausible"]


async def test_a_patient_who_was_not_scanned_has_only_the_running_number(tmp_path):
    instrument = KR800S(FolderWire(tmp_path))
    await instrument.measure()
    (event,) = decode((await instrument.print()).raw)

    assert event.readings[0].patient_ref is None
