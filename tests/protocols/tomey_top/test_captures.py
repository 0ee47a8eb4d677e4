"""A real print-out replayed; the expected values were read from the paper by hand.

It is not ours to publish, so it lies outside the repository; without it these tests are left out.
"""

from decimal import Decimal

from protocols.readings import CorrectedIop, IopReading, PachymetryEye, TonometryEye
from protocols.tomey_top import decode
from tests.protocols.sheet.captures import capture
from tests.protocols.sheet.pieces import codes, read


def test_the_print_out_of_a_topascope():
    data = capture("rodenstock-topascope-1.txt")
    (event,) = decode(data)
    pressure, thickness = read([event])

    assert event.raw == data
    assert pressure.right == TonometryEye(
        iop_mmhg=Decimal("13.5"),
        readings=(IopReading(iop_mmhg=Decimal(13)),),
        corrected=CorrectedIop(iop_mmhg=Decimal("15.0"), cct_um=Decimal(523)),
    )
    assert pressure.left == TonometryEye(
        iop_mmhg=Decimal("12.7"),
        readings=(IopReading(iop_mmhg=Decimal(13)),),
        corrected=CorrectedIop(iop_mmhg=Decimal("15.1"), cct_um=Decimal(511)),
    )
    assert (thickness.right, thickness.left) == (
        PachymetryEye(cct_um=Decimal(523)),
        PachymetryEye(cct_um=Decimal(511)),
    )
    assert (pressure.measured_at, pressure.print_number) == ("2023-07-11T09:38:12", "00002300")
    assert (pressure.instrument.maker, pressure.instrument.model) == ("Rodenstock", "TopaScope")
    assert codes(pressure) == []
