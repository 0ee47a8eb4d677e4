"""The house's own sine, arctangent and rounding, against the machine's floats and known exact values."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.optics import exact

ANGLES = st.decimals(-720, 720, places=3)
LENGTHS = st.decimals("-50", "50", places=4)
NEAR = Decimal("1E-30")


@given(ANGLES)
def test_sine_and_cosine_agree_with_the_machine(angle):
    with exact.working():
        found = (float(exact.sine(angle)), float(exact.cosine(angle)))
    assert found == pytest.approx(
        (math.sin(math.radians(float(angle))), math.cos(math.radians(float(angle)))), abs=1e-12
    )


@given(ANGLES)
def test_sine_and_cosine_lie_on_the_circle(angle):
    with exact.working():
        assert abs(exact.sine(angle) ** 2 + exact.cosine(angle) ** 2 - 1) < NEAR


@given(LENGTHS, LENGTHS)
def test_direction_agrees_with_the_machine(y, x):
    with exact.working():
        found = float(exact.direction(y, x))
    assert found == pytest.approx(math.degrees(math.atan2(float(y), float(x) if x else 0.0)), abs=1e-10)


@given(st.integers(-179, 180), st.decimals("0.01", "50", places=2))
def test_a_point_on_the_circle_lies_where_it_was_put(angle, radius):
    with exact.working():
        found = exact.direction(radius * exact.sine(Decimal(angle)), radius * exact.cosine(Decimal(angle)))
        assert abs(found - angle) < NEAR


def test_angles_that_have_exact_sines_get_them():
    found = [exact.sine(Decimal(angle)) for angle in (0, 30, 90, 150, 180, 210, 270, 330, 360, -90)]
    half = Decimal("0.5")
    assert found == [0, half, 1, half, 0, -half, -1, -half, 0, -1]


def test_pi_to_thirty_digits():
    assert str(exact.pi())[:32] == "3.141592653589793238462643383279"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("-2.875", 2, "-2.88"), ("2.125", 2, "2.13"), ("-0.004", 2, "0.00"), ("-8.1301", 2, "-8.13"), ("0.5", 0, "1")],
)
def test_halves_are_shown_away_from_zero_and_zero_has_no_sign(value, places, shown):
    assert str(exact.rounded(Decimal(value), places)) == shown


@given(st.decimals(-40, 40, places=4))
def test_a_step_is_never_farther_than_half_of_it(value):
    assert abs(exact.to_step(value, Decimal("0.25")) - value) <= Decimal("0.125")
