from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.web import notation

steps = st.decimals(-40, 40, allow_nan=False, places=2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.25", "+0.25"),
        ("-1.75", "−1.75"),
        (Decimal("-1.5"), "−1.50"),
        ("+2", "+2.00"),
        ("-2.125", "−2.125"),
        ("-2.1200", "−2.12"),
        ("0", "0.00"),
        ("-0.00", "0.00"),
        (Decimal("-0"), "0.00"),
        ("1E+1", "+10.00"),
        (None, None),
        ("", None),
        ("OVER", "OVER"),
        ("NaN", "NaN"),
    ],
)
def test_dioptres_are_signed_with_two_decimals(value, text):
    assert notation.dioptres(value) == text


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (notation.sphere, "-0.00", "plano"),
        (notation.sphere, "0.25", "+0.25"),
        (notation.cylinder, "0", "DS"),
        (notation.cylinder, "-0.50", "−0.50"),
        (notation.axis, 5, "005"),
        (notation.axis, "180", "180"),
        (notation.axis, 0, "000"),
        (notation.axis, "-5", "−5"),
        (notation.axis, "7.5", "7.5"),
        (notation.axis, None, None),
        (notation.axis, "AX", "AX"),
        (notation.magnitude, "7.8", "7.80"),
        (notation.magnitude, "43.125", "43.125"),
        (notation.measured, "15", "15"),
        (notation.measured, "15.3", "15.3"),
        (notation.measured, 562, "562"),
        (notation.measured, Decimal("63.50"), "63.50"),
        (notation.measured, "-3", "−3"),
        (notation.measured, None, None),
    ],
)
def test_numbers_are_written_as_the_trade_writes_them(write, value, text):
    assert write(value) == text


def test_a_chain_may_want_zeros_as_numbers():
    assert notation.sphere("0", plano=False) == "0.00"
    assert notation.cylinder("0", ds=False) == "0.00"


@pytest.mark.parametrize(
    ("power", "base", "style", "text"),
    [
        ("1.5", "in", "word", "1.50 base in"),
        ("1.5", "in", "letter", "1.50 BI"),
        ("0.25", "up", "letter", "0.25 BU"),
        ("-0.50", None, "word", "−0.50"),
        ("0.50", None, "letter", "+0.50"),
        (None, "in", "word", None),
    ],
)
def test_prism_carries_its_base_or_keeps_its_sign(power, base, style, text):
    assert notation.prism(power, base, style=style) == text


def test_eyes_are_headed_by_setting():
    assert [notation.Notation().eye(side) for side in ("right", "left")] == ["OD", "OS"]
    assert [notation.Notation(eyes="R/L").eye(side) for side in ("right", "left")] == ["R", "L"]


@given(steps)
def test_what_is_written_reads_back_as_the_same_number(value):
    assert Decimal(notation.dioptres(value).replace("−", "-")) == value


@given(steps)
def test_no_hyphen_and_no_degree_sign_is_ever_written(value):
    assert not set("-°") & set(f"{notation.dioptres(value)}{notation.axis(value)}{notation.measured(value)}")
