"""What the block of a lensmeter means."""

from decimal import Decimal

from protocols.readings import (
    Lensmetry,
    LensmetryEye,
    Pd,
    Prism,
    PrismComponent,
)
from tests.protocols.nidek_frame.frames import MANUAL_LM1000P
from tests.protocols.nidek_frame.spoken import codes, lens, only


def test_the_lensmeter_manuals_own_example_reads_as_printed():
    reading = only(MANUAL_LM1000P)

    assert isinstance(reading, Lensmetry)
    assert reading.integrity.checksum == "ok"
    assert reading.right == LensmetryEye(
        sphere=Decimal("-1.25"),
        cylinder=Decimal("-0.75"),
        axis=120,
        add=Decimal("2.00"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("2.50"), base="in"),
            vertical=PrismComponent(power=Decimal("2.00"), base="down"),
        ),
    )
    assert reading.left == LensmetryEye(
        sphere=Decimal("-2.00"),
        cylinder=Decimal("-0.50"),
        axis=180,
        add=Decimal("2.25"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("1.25"), base="out"),
            vertical=PrismComponent(power=Decimal("2.00"), base="up"),
        ),
    )


def test_a_single_lens_has_no_side():
    reading = lens("  -02.00-00.50180", "A 02.00", "A02.50", "P 01.00I")

    assert reading.single == LensmetryEye(
        sphere=Decimal("-2.00"),
        cylinder=Decimal("-0.50"),
        axis=180,
        add=Decimal("2.00"),
        add2=Decimal("2.50"),
        prism=Prism(horizontal=PrismComponent(power=Decimal("1.00"), base="in")),
    )
    assert (reading.right, reading.left) == (None, None)


def test_near_sphere_may_stand_instead_of_an_addition():
    reading = lens(" R-02.00-00.50180", "NR+00.25", "NR+00.50", "NR+00.75")

    assert (reading.right.near_sphere, reading.right.near_sphere2) == (Decimal("0.25"), Decimal("0.50"))
    assert reading.extra == {"NR": "+00.75"}


def test_a_zero_prism_was_measured_and_a_blank_one_was_not():
    reading = lens(" R-02.00-00.50180", "PR00.00I", "PR     U", " L+00.25-00.00180")

    assert reading.right.prism == Prism(horizontal=PrismComponent(power=Decimal("0.00"), base="in"))
    assert reading.left.prism is None
    assert reading.notes == ()


def test_lensmeter_pd_has_tenths():
    reading = lens(" R-02.00-00.50180", "PD64.031.532.5")

    assert reading.pd == Pd(far=Decimal("64.0"), far_right=Decimal("31.5"), far_left=Decimal("32.5"))


def test_uv_and_errors_of_a_lensmeter_are_kept_as_they_came():
    reading = lens(" R-02.00-00.50180", "UR 85", "IE03")

    assert reading.extra == {"UR": " 85", "IE": "03"}
    assert codes(reading) == ["unknown_field", "instrument_error"]
