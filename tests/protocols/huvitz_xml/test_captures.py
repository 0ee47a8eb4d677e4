"""A real export replays; the expected values were read from the file by hand.

The file is not ours to publish, so it lies outside the repository; without it its test is left out.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Transmission
from protocols.huvitz_xml import decode
from protocols.readings import AutorefractionEye, KeratometryEye, Meridian, Pd

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"
D = Decimal


def test_the_htr_1a_export_with_backslashes():
    path = SAMPLES / "huvitz-htr1a-1.xml.txt"
    if not path.exists():
        pytest.skip("the capture huvitz-htr1a-1.xml.txt is not on this machine")
    (event,) = decode(path.read_bytes())
    assert isinstance(event, Transmission)
    day, cornea, pressure, thickness = event.readings

    assert (day.measured_at, day.print_number, day.instrument.firmware) == ("2022-04-26", "00004", "1.00.00c")
    assert (day.patient_ref, day.pd) == (None, Pd(far=D(68)))
    assert day.right == AutorefractionEye(sphere=D("-0.25"), cylinder=D("-0.5"), axis=7)
    assert day.left == AutorefractionEye(sphere=D("-0.5"), cylinder=D("-0.5"), axis=165)
    assert cornea.right == KeratometryEye(r1=Meridian(radius_mm=D("8.22"), axis=176), r2=Meridian(radius_mm=D("8.12")))
    assert cornea.left == KeratometryEye(r1=Meridian(radius_mm=D("8.2"), axis=179), r2=Meridian(radius_mm=D("8.07")))
    assert (pressure.right.iop_mmhg, pressure.left.iop_mmhg) == (D(16), D(15))
    assert [one.iop_mmhg for one in pressure.left.readings] == [D(15)]
    assert (thickness.right.cct_um, thickness.left.cct_um) == (D("541.8"), D("561.3"))
    assert [one.cct_um for one in thickness.right.readings] == [D(541)]
    codes = {note.code for note in day.notes}
    assert codes == {"document_mended", "patient_id_is_print_number", "instrument_unnamed"}
