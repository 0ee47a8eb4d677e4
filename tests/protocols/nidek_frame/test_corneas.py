"""What the block of a keratometer means."""

from decimal import Decimal

import pytest

from protocols.readings import (
    MeanCurvature,
    Meridian,
)
from tests.protocols.nidek_frame.frames import CORNEA, block, summed
from tests.protocols.nidek_frame.spoken import codes, only, pairs, readings


@pytest.mark.parametrize(
    ("count", "chosen", "rest"), [(1, Decimal("7.80"), 0), (4, Decimal("7.80"), 3), (6, Decimal("7.80"), 5)]
)
def test_the_first_of_four_pairs_is_the_representative(count, chosen, rest):
    reading = only(summed([block("DKM", "IDNIDEK/ARK-1", *pairs("R", count))]))

    assert reading.right.r1.radius_mm == chosen
    assert len(reading.right.readings) == rest
    assert reading.ring is None


@pytest.mark.parametrize("count", [2, 3])
def test_two_or_three_pairs_have_no_representative(count):
    reading = only(summed([block("DKM", "IDNIDEK/ARK-1", *pairs("R", count))]))

    assert reading.right.r1 is None
    assert len(reading.right.readings) == count
    assert codes(reading) == ["representative_missing"]


def test_the_second_ring_is_a_reading_of_its_own():
    first, second = readings(summed([CORNEA, block("Dkm", *pairs("L", 1))]))

    assert (first.ring, second.ring) == (None, "second")
    assert second.left.average == MeanCurvature(radius_mm=Decimal("7.73"), power_d=Decimal("43.75"))


def test_a_radius_without_power_and_a_power_without_radius_are_both_kept():
    reading = only(summed([block("DKM", "IDNIDEK/ARK-1", " L07.7607.7014007.73", "DR43.0043.5012043.25-00.50")]))

    assert reading.left.r1 == Meridian(radius_mm=Decimal("7.76"), axis=140)
    assert reading.right.r1 == Meridian(power_d=Decimal("43.00"), axis=120)
    assert reading.left.cylinder is None


def test_the_pupil_lamp_is_kept():
    cornea = only(summed([CORNEA]))

    assert cornea.left.corneal_diameter_mm == Decimal("11.8")
    assert cornea.extra == {"PL": "N"}
