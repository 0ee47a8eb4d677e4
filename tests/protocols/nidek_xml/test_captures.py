"""Exports of real instruments replay; the expected values were read from the files by hand.

The files are not ours to publish, so they lie outside the repository; without them these tests are left out.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Transmission
from protocols.nidek_xml import Decoder, decode
from protocols.readings import (
    AutorefractionEye,
    CorrectedIop,
    IopReading,
    KeratometryEye,
    KeratometryReading,
    PachymetryEye,
    PachymetryReading,
    PatientRef,
    Pd,
    Power,
    RefractionReading,
    TonometryEye,
)
from tests.protocols.nidek_xml.corneas import curvature

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"
D = Decimal


def capture(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_bytes()


def replayed(name):
    (event,) = decode(capture(name))
    assert isinstance(event, Transmission)
    return event.readings


def iop(*values):
    return tuple(IopReading(iop_mmhg=D(mmhg), iop_kpa=D(kpa)) for mmhg, kpa in values)


CORRECTED = CorrectedIop(iop_mmhg=D("16.2"), cct_um=D(596), param1=D(550), param2=D("0.0400"))


def test_the_nt_530p_export():
    pressure, thickness = replayed("nidek-nt530p-1.xml")

    for reading in (pressure, thickness):
        assert (reading.instrument.maker, reading.instrument.model) == ("NIDEK", "NT-530P")
        assert reading.instrument.firmware == "1.11 /1.00"
        assert (reading.measured_at, reading.print_number) == ("2026-05-18T12:07:19", "8914")
        assert (reading.patient_ref, reading.notes) == (None, ())
        assert reading.extra["Comment"] == "OCULUS  NT-530P"
    average = {"iop_mmhg": D("18.0"), "iop_kpa": D("2.40"), "corrected": CORRECTED}
    assert pressure.right == TonometryEye(**average, readings=iop(("16", "2.1"), ("20", "2.7")))
    assert pressure.left == TonometryEye(**average, readings=iop(("18", "2.4")))
    assert thickness.right == PachymetryEye(cct_um=D(596), readings=(PachymetryReading(cct_um=D(596)),))
    assert thickness.left.cct_um == D(596)
    assert [one.cct_um for one in thickness.left.readings] == [D(591), D(600)]


def test_the_ark_1s_example():
    day, subjective, unaided, corrected, near, lenses, cornea = replayed("nidek-ark1s-1.xml")

    assert (day.measured_at, day.print_number) == ("2013-03-11T16:03:07", "0003")
    assert day.patient_ref == PatientRef(id="4902205625223")
    assert (day.vertex_mm, day.working_cm, day.left) == (D("12.00"), 40, None)
    assert day.pd == Pd(far=D(56), far_right=D(28), far_left=D(28), near=D(53))
    assert day.right == AutorefractionEye(
        sphere=D("-6.38"),
        cylinder=D("-0.64"),
        axis=177,
        se=D("-6.70"),
        readings=(
            RefractionReading(
                sphere=D("-6.38"), cylinder=D("-0.63"), axis=179, se=D("-6.70"), confidence=9, cataract_mode=True
            ),
            RefractionReading(error="COVR"),
        ),
        trial_lens=Power(sphere=D("-6.25"), cylinder=D("-0.75"), axis=177),
        contact_lens=Power(sphere=D("-5.93"), cylinder=D("-0.54"), axis=177, se=D("-6.20")),
    )
    assert day.extra["R/AC"]["Sphere"] == "8.15"
    assert (subjective.right.sphere, subjective.right.se, subjective.right.add) == (D("-6.25"), D("-6.75"), D("1.75"))
    assert [one.right.va for one in (unaided, corrected, near)] == ["<0.1", "1.0", "0.8"]
    assert near.distance_cm == D(35)
    assert (lenses.right.sphere, lenses.right.add, lenses.right.add2) == (D("-0.50"), D("3.00"), D("3.50"))
    assert str(lenses.right.cylinder) == "-0.00"
    assert cornea.right == KeratometryEye(
        **curvature(("7.55", "44.70", 178), ("7.29", "46.30", 88), ("7.42", "45.49"), ("-1.60", 178)),
        corneal_diameter_mm=D("12.1"),
        pupil_mm=D("4.7"),
        readings=(
            KeratometryReading(
                **curvature(("7.56", "44.64", 179), ("7.29", "46.30", 89), ("7.43", "45.42"), ("-1.66", 179))
            ),
        ),
    )


def test_an_example_somebody_made_up_is_read_as_it_stands():
    (day,) = replayed("nidek-ar360a-synthetic-1.xml")

    assert (day.right.sphere, day.right.cylinder, day.right.axis) == (D("2.00"), D("-1.25"), 172)
    assert (day.left.trial_lens.sphere, day.pd) == (D("7.77"), Pd(far=D(60)))


@pytest.mark.parametrize("name", ["nidek-nt530p-1.xml", "nidek-ark1s-1.xml"])
@pytest.mark.parametrize("size", [1, 17, 512])
def test_captures_replay_in_any_pieces(name, size):
    data = capture(name)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]

    assert [*events, *decoder.silence()] == decode(data)
