"""The one rule of rounding."""

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dicom.numbers import of_double, of_single, of_text


def single(value):
    """A number as pydicom hands over 32 bits."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


@pytest.mark.parametrize(
    ("value", "meant"),
    [(23.41, "23.41"), (0.545, "0.545"), (4.35, "4.35"), (-3.21, "-3.21"), (30.0, "30"), (0.0, "0"), (-0.0, "0")],
)
def test_a_single_means_the_shortest_decimal_of_its_bits(value, meant):
    assert str(of_single(single(value))) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (7.93931, "7.9393"),
        (7.71076, "7.7108"),
        (3.3800000000000003, "3.38"),
        (0.1 + 0.2, "0.3"),
        (0.00012345, "0.000123"),
        (115.54, "115.54"),
        (100.0, "100"),
        (2.00005, "2"),  # half to even
        (2.00015, "2.0002"),
    ],
)
def test_a_double_shows_four_decimals_or_three_digits(value, meant):
    assert str(of_double(value)) == meant


@pytest.mark.parametrize(("text", "meant"), [("31.50", "31.50"), (" -0.25 ", "-0.25"), ("1e1", "10"), ("+2.0", "2.0")])
def test_digits_that_were_written_are_kept(text, meant):
    assert str(of_text(text)) == meant


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1e40", "--1", "1,5"])
def test_what_is_no_number_is_none(text):
    assert of_text(text) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, -1e9, 1e-300])
def test_what_no_instrument_means_is_none(value):
    assert of_double(value) is None
    assert of_single(value) is None


@given(st.integers(-999_999, 999_999), st.integers(0, 4))
def test_every_decimal_an_instrument_could_show_comes_back(digits, places):
    shown = Decimal(digits).scaleb(-places)

    assert of_double(float(shown)) == shown
    assert of_single(single(float(shown))) == shown or abs(digits) > 2**23


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_the_rule_never_raises_and_never_writes_an_exponent(value):
    found = of_double(value)

    assert found is None or ("E" not in str(found) and abs(found - Decimal(value)) <= Decimal("0.00005"))


@given(st.floats(0.015625, 1000, width=32))
def test_a_single_is_never_further_off_than_its_last_shown_decimal(value):
    assert abs(of_single(value) - Decimal(value)) <= Decimal("0.0001")
