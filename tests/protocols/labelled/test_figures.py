"""Figures that can be trusted, and those that cannot."""

from decimal import Decimal

import pytest

from protocols.framing import Unread
from protocols.labelled import axis, figure, power, sphere


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+01.25", "1.25"),
        ("-00.50", "-0.50"),
        ("- 1.25", "-1.25"),
        ("-0.00", "-0.00"),
        (" 7 ", "7"),
        ("12.500", "12.500"),
    ],
)
def test_a_figure_keeps_its_step_and_the_sign_of_a_zero(text, told):
    assert str(figure(text)) == told


@pytest.mark.parametrize("text", ["", "+", "1,25", "1.", ".5", "1e3", "NaN", "1.2.3", "--1", "1234567", "1.1234567"])
def test_what_is_no_plain_decimal_is_refused(text):
    with pytest.raises(Unread):
        figure(text)


@pytest.mark.parametrize(("text", "told"), [("000", 0), ("+180", 180), ("0", 0), (" 5", 5)])
def test_an_axis_of_0_and_of_180_are_both_legal(text, told):
    assert axis(text) == told


@pytest.mark.parametrize("text", ["181", "-5", "90.0", "", "x"])
def test_an_axis_that_is_none_is_refused(text):
    with pytest.raises(Unread):
        axis(text)


@pytest.mark.parametrize("powers", [("30.25", "0", "0"), ("0", "-12.25", "0"), ("0", "0", "200")])
def test_a_power_no_eye_has_is_refused(powers):
    with pytest.raises(Unread):
        power(*powers)


def test_a_refusal_says_what_and_never_quotes():
    with pytest.raises(Unread) as refused:
        sphere("-99.99")

    assert refused.value.why == "A sphere lies outside of -30 to +30 D."


def test_the_limits_themselves_are_inside():
    assert power("-30.00", "+12.00", "180") == {"sphere": Decimal("-30.00"), "cylinder": Decimal("12.00"), "axis": 180}
