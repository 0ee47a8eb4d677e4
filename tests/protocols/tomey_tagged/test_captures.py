"""A real print-out replayed; the expected values were read from the bytes by hand.

The captures are not ours to publish, so they lie outside the repository; without them these tests are left out.
"""

from decimal import Decimal

from protocols.readings import CornealCylinder, KeratometryReading, MeanCurvature, Meridian
from protocols.tomey_tagged import decode
from tests.protocols.sheet.captures import capture
from tests.protocols.sheet.pieces import read


def test_the_excerpt_of_a_cx_2000():
    (reading,) = read(decode(capture("rodenstock-cx2000-kerato-1.txt")))

    assert reading.right.r1 is None
    assert reading.right.readings == (
        KeratometryReading(
            r1=Meridian(radius_mm=Decimal("8.38"), power_d=Decimal("40.27"), axis=16),
            r2=Meridian(radius_mm=Decimal("8.19"), power_d=Decimal("41.21"), axis=106),
            average=MeanCurvature(radius_mm=Decimal("8.29"), power_d=Decimal("40.71")),
            cylinder=CornealCylinder(power_d=Decimal("-0.94"), axis=16),
        ),
    )
    assert reading.left is None
    assert reading.extra["KAI_R"] == "  4.0,343,A,"
