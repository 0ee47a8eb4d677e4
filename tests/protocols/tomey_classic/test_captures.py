"""Outputs that others quoted, replayed; the expected values were read from the bytes by hand.

They are not ours to publish, so they lie outside the repository; without them these tests are left out.
"""

from decimal import Decimal

from protocols.readings import AutorefractionEye, LensmetryEye
from protocols.tomey_classic import decode
from tests.protocols.sheet.captures import capture
from tests.protocols.sheet.pieces import codes, read


def test_the_manuals_example_of_an_rc_5000():
    refraction, cornea = read(decode(capture("tomey-rc5000-classic-1.txt")))

    assert refraction.right == AutorefractionEye(sphere=Decimal("5.25"), cylinder=Decimal("-0.25"), axis=179)
    assert refraction.left == AutorefractionEye(sphere=Decimal("3.00"), cylinder=Decimal("-0.75"), axis=89)
    assert (refraction.pd.far, refraction.print_number) == (Decimal("60.5"), "1234")
    assert (cornea.left.r1.radius_mm, cornea.left.r2.power_d, cornea.left.r2.axis) == (
        Decimal("5.00"),
        Decimal("40.00"),
        75,
    )
    assert "control_bytes_lost" in codes(cornea)


def test_the_real_lines_of_a_tl_3000c():
    (reading,) = read(decode(capture("tomey-tl3000c-1.txt")))

    assert reading.right == LensmetryEye(
        sphere=Decimal("-3.75"), cylinder=Decimal("-0.75"), axis=99, add=Decimal("1.75")
    )
    assert reading.left == LensmetryEye(
        sphere=Decimal("-4.25"), cylinder=Decimal("-0.50"), axis=99, add=Decimal("2.25")
    )
