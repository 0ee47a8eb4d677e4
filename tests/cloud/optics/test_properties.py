"""What has to hold for every lens: there and back, nothing lost, nothing changed that was put in."""

import math
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cloud.optics import (
    contact_lens,
    equivalent,
    frame,
    keratometry,
    near,
    prism,
    registry,
    transposition,
    vectors,
    vertex,
)
from cloud.optics.exact import working
from cloud.optics.refraction import Refraction, read, written

QUARTERS = st.integers(-60, 60).map(lambda number: Decimal(number) / 4)
CYLINDERS = st.integers(-24, 24).map(lambda number: Decimal(number) / 4)
AXES = st.integers(1, 180).map(Decimal)
LENSES = st.builds(Refraction, QUARTERS, CYLINDERS, AXES)
WEAK = st.builds(Refraction, st.integers(-40, 40).map(lambda n: Decimal(n) / 4), CYLINDERS, AXES)
EYES = st.sampled_from(["right", "left"])
NEAR = Decimal("1E-25")


@given(LENSES)
def test_transposing_twice_is_the_identity_and_keeps_the_equivalent(rx):
    other = transposition.transposed(rx).value
    assert transposition.transposed(other).value == rx
    assert equivalent.spherical(other).value == equivalent.spherical(rx).value


@given(LENSES)
def test_both_forms_are_one_power_vector(rx):
    one, two = (vectors.of(form).value for form in (rx, transposition.transposed(rx).value))
    with working():
        assert (one - two).blur < NEAR


@given(LENSES)
def test_a_vector_and_back_is_the_minus_form(rx):
    found = vectors.of(rx).value
    back = vectors.refraction(found)
    want = transposition.minus_form(rx)
    with working():
        assert abs(back.sphere - want.sphere) < NEAR
        assert abs(back.cylinder - want.cylinder) < NEAR
        gap = abs(back.turned - want.turned)
        assert min(gap, 180 - gap) < NEAR


@given(LENSES)
def test_vectors_agree_with_the_machine(rx):
    found = vectors.of(rx).value
    turn = math.radians(2 * float(rx.turned))
    half = -float(rx.cylinder) / 2
    assert (float(found.j0), float(found.j45)) == pytest.approx(
        (half * math.cos(turn), half * math.sin(turn)), abs=1e-12
    )


@given(st.lists(WEAK, min_size=1, max_size=5))
def test_a_mean_keeps_the_mean_equivalent(readings):
    found = vectors.mean(readings).value
    with working():
        assert abs(found.rx.equivalent - sum(rx.equivalent for rx in readings) / len(readings)) < NEAR


@given(LENSES)
def test_a_refraction_is_no_distance_from_itself(rx):
    assert vectors.change(rx, rx).value.length == 0


@given(LENSES, st.integers(0, 20), st.integers(0, 20))
def test_there_and_back_is_the_same_lens(rx, first, second):
    here, there = Decimal(first), Decimal(second)
    with working():
        away = vertex.moved_refraction(rx, here, there)
        assume(max(abs(power) for power in away.meridians) <= 20)
        back = vertex.moved_refraction(away, there, here)
        assert abs(back.sphere - rx.sphere) < NEAR
        assert abs(back.cylinder - rx.cylinder) < NEAR


@given(st.integers(0, 80).map(lambda n: Decimal(n) / 4), st.integers(0, 359).map(Decimal), EYES)
def test_a_prism_taken_apart_and_joined_is_the_same_prism(amount, base, eye):
    parts = prism.components(amount, base, eye).value
    whole = prism.resultant(parts.horizontal, parts.vertical, eye).value if abs(parts.vertical) <= 100 else None
    assert whole is not None
    assert abs(whole.prism - amount) < NEAR
    if amount:
        assert whole.base_deg is not None
        gap = abs(whole.base_deg - base)
        assert min(gap, 360 - gap) < NEAR


@given(QUARTERS, QUARTERS)
def test_a_shared_prism_adds_up_again(horizontal, vertical):
    parts = prism.split(horizontal, vertical).value
    whole = prism.total(parts.right_horizontal, parts.left_horizontal, parts.right_vertical, parts.left_vertical).value
    assert (whole.horizontal, whole.vertical) == (horizontal, vertical)


@given(st.decimals("6", "10", places=2))
def test_radius_and_power_there_and_back(radius):
    k = keratometry.power(radius).value
    assert abs(keratometry.radius(k).value - radius) < NEAR


@given(st.integers(1, 179).map(Decimal), st.integers(0, 30).map(Decimal))
def test_left_then_right_is_where_it_was(axis, turn):
    there = contact_lens.lars(axis, turn, "left").value
    assert contact_lens.lars(there, turn, "right").value == axis


@given(WEAK, st.integers(1, 16).map(lambda n: Decimal(n) / 4))
def test_near_lenses_keep_cylinder_and_axis(rx, add):
    found = near.near_lenses(rx, add).value
    assert (found.near.cylinder, found.near.axis, found.near.sphere) == (rx.cylinder, rx.axis, rx.sphere + add)


@settings(deadline=None)
@given(st.integers(20, 70).map(Decimal), st.integers(-8, 8).map(Decimal))
def test_a_round_lens_needs_its_diameter_and_twice_the_decentration(width, decentration):
    found = frame.minimum_blank_ellipse(width, min(width, Decimal(70)), decentration, Decimal(0), Decimal(0)).value
    assert abs(found.blank_mm - (width + 2 * abs(decentration))) < NEAR


@given(LENSES)
def test_written_and_read_again_is_the_same_lens(rx):
    assert read(written(rx)) == rx


def test_a_rule_changes_nothing_that_was_put_in():
    rx = Refraction(Decimal("-2.00"), Decimal("-1.50"), Decimal(10))
    derived = vectors.of(rx)
    assert derived.inputs == {"rx": rx}
    assert rx == Refraction(Decimal("-2.00"), Decimal("-1.50"), Decimal(10))


def test_a_binary_fraction_is_no_dioptre():
    with pytest.raises(TypeError):
        registry.calculator("b.4.at_cornea")(-4.0)
