"""Other units become the record's, and what a device keeps apart stays apart."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.gatt.units import celsius, mmhg


@pytest.mark.parametrize(("kpa", "found"), [("101.325", "760.0"), ("0", "0.0"), ("17.0", "127.5"), ("16.00", "120.0")])
def test_the_standard_atmosphere_is_760(kpa, found):
    assert mmhg(Decimal(kpa)) == Decimal(found)


@pytest.mark.parametrize(("fahrenheit", "found"), [("32", "0"), ("212", "100"), ("98.6", "37"), ("-40", "-40")])
def test_water_freezes_and_boils_where_it_should(fahrenheit, found):
    assert celsius(Decimal(fahrenheit)) == Decimal(found)


@given(st.integers(0, 400))
def test_a_tenth_of_a_kilopascal_comes_back(steps):
    kpa = Decimal(steps) / 10

    assert round(Fraction(mmhg(kpa)) * Fraction(101_325, 76_000)) == steps


@given(st.integers(600, 1200))
def test_a_tenth_of_a_degree_fahrenheit_comes_back(steps):
    found = celsius(Decimal(steps) / 10)

    assert round((Fraction(found) * Fraction(9, 5) + 32) * 10) == steps
