"""The simulated instruments against the decoder: two witnesses who share no code."""

from datetime import datetime

import pytest

from firmware_sim.dicom_refraction import INSTRUMENTS, Autorefractor, Lensmeter
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import null_modem
from protocols.dicom_refraction import decode
from protocols.framing import Transmission
from protocols.readings import kind, to_json
from tests.firmware_sim.dicom_refraction.shown import held

PRESSED = datetime(2024, 2, 5, 14, 7)
KINDS = pytest.mark.parametrize("kind_of", [pytest.param(one, id=name) for name, one in INSTRUMENTS.items()])


async def printed(kind_of, patient=None, **options):
    instrument = kind_of(null_modem()[0], **{"seed": 3, "clock": lambda: PRESSED} | options)
    instrument.scan("P-77")
    await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)
    assert isinstance(event, Transmission), event
    return out, event.readings


@KINDS
@pytest.mark.parametrize("seed", range(5))
async def test_the_record_holds_what_the_screen_shows(kind_of, seed):
    out, readings = await printed(kind_of, seed=seed)

    assert [one["kind"] for one in out.shown] == [kind(reading) for reading in readings]
    assert all(held(to_json(reading), one) for reading, one in zip(readings, out.shown, strict=True))
    assert (readings[0].measured_at, readings[0].patient_ref.id) == ("2024-02-05T14:07:00", "P-77")


@KINDS
@pytest.mark.parametrize("syntax", ["implicit", "explicit", "big"])
async def test_its_export_settings_change_no_value(kind_of, syntax):
    usual, _ = await printed(kind_of)
    out, readings = await printed(kind_of, syntax=syntax)

    assert (out.shown, len(readings)) == (usual.shown, 1)


@KINDS
async def test_without_the_head_of_a_file(kind_of):
    out, readings = await printed(kind_of, preamble=False)

    assert held(to_json(readings[0]), out.shown[0])


@KINDS
async def test_an_eye_that_is_not_there_is_not_in_the_file(kind_of):
    _, (reading,) = await printed(kind_of, Patient(right=None, left=Eye()))

    assert (reading.right, reading.notes) == (None, ())
    assert reading.left is not None


async def test_a_spherical_eye_has_no_cylinder():
    out, (reading,) = await printed(Lensmeter, Patient(right=Eye(cylinder=0.0), left=None))

    assert reading.right.cylinder is None
    assert "cylinder" not in out.shown[0]["right"]


@pytest.mark.parametrize("charset", ["ISO_IR 192", "GB18030"])
async def test_a_name_from_the_worklist(charset):
    instrument = Autorefractor(null_modem()[0], seed=1, charset=charset, zone="+0800", clock=lambda: PRESSED)
    instrument.patient_name = "Zhang^Wei=张^伟"
    await instrument.measure()
    (event,) = decode((await instrument.print()).raw)

    assert event.readings[0].patient_ref.name == "Zhang^Wei=张^伟"
    assert event.readings[0].measured_at == "2024-02-05T14:07:00+08:00"
    instrument.clear()
    assert instrument.patient_name == ""


async def test_two_files_never_carry_the_same_uid():
    instrument = Autorefractor(null_modem()[0], seed=1, clock=lambda: PRESSED)
    await instrument.measure()
    files = [(await instrument.print()).raw for _ in range(2)]
    uids = {decode(raw)[0].readings[0].extra["SOPInstanceUID"] for raw in files}

    assert len(uids) == 2
