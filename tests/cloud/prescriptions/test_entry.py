"""How the trade types, and what is not understood."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.prescriptions import entry, tokens
from cloud.prescriptions.choices import Base
from cloud.prescriptions.entry import Mistyped


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("+0.25", "0.25"), ("-1.75", "-1.75"), ("−1,75", "-1.75"), (" plano ", "0"), ("PL", "0"), ("平光", "0")),
        *(("0", "0"), ("0.00", "0"), ("-175", "-1.75"), ("+75", "0.75"), ("-30.00", "-30"), ("-20", "-20"), ("", None)),
    ],
)
def test_a_sphere_as_the_trade_writes_it(typed, value):
    assert entry.sphere(typed) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *(("1.75", "sign"), ("-", "number"), ("abc", "number"), ("1e3", "number"), ("-1.7500001", "number")),
        *(("NaN", "number"), ("-١.٧٥", "number"), ("-1_0", "number"), ("--1", "number"), ("+100.0", "number")),
    ],
)
def test_what_is_no_sphere_says_why(typed, why):
    with pytest.raises(Mistyped) as refusal:
        entry.sphere(typed)
    assert refusal.value.code == why


def test_a_cylinder_without_a_sign_takes_the_form_of_the_sheet():
    assert entry.cylinder("1.50", "minus") == Decimal("-1.50")
    assert entry.cylinder("1.50", "plus") == Decimal("1.50")
    assert entry.cylinder("+1.50", "minus") == Decimal("1.50")
    assert entry.cylinder("ds", "minus") == 0
    assert entry.cylinder("", "minus") is None


def test_an_axis_of_nothing_is_written_180():
    assert (entry.axis("0"), entry.axis("5"), entry.axis("180°"), entry.axis("")) == (180, 5, 180, None)
    with pytest.raises(Mistyped):
        entry.axis("-5")


@pytest.mark.parametrize(
    ("typed", "parts", "direction"),
    [
        ("2 in 1.5 up", ((Decimal(2), Base.IN), (Decimal("1.5"), Base.UP)), None),
        ("2BI", ((Decimal(2), Base.IN),), None),
        ("1.5 base down, 3 out", ((Decimal("1.5"), Base.DOWN), (Decimal(3), Base.OUT)), None),
        ("2内", ((Decimal(2), Base.IN),), None),
        ("5 @ 37", ((Decimal(5), None),), 37),
        ("", (), None),
    ],
)
def test_a_prism_as_the_trade_writes_it(typed, parts, direction):
    assert entry.prism(typed) == (parts, direction)


@pytest.mark.parametrize(
    "typed", ["2", "2 sideways", "2 in 3 out", "in", "5 @ 400", "0 in", "-2 in", "2 in 1 up 1 down"]
)
def test_what_is_no_prism_is_refused(typed):
    with pytest.raises(Mistyped):
        entry.prism(typed)


@given(st.text(max_size=40))
def test_whatever_is_typed_there_is_a_number_or_a_refusal(typed):
    for read in (entry.sphere, entry.add, entry.axis, entry.amount, entry.prism, lambda t: entry.cylinder(t, "minus")):
        try:
            found = read(typed)
        except Mistyped as refusal:
            found = refusal
        assert isinstance(found, Decimal | int | tuple | Mistyped | None)


def test_a_code_may_be_typed_carelessly_and_a_token_may_not():
    secret = tokens.fresh()
    shown = tokens.grouped(secret.code)

    assert tokens.normal(shown.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == secret.code
    assert tokens.normal(secret.token) == secret.token
    assert tokens.normal(secret.token[:-1]) is None
    assert tokens.normal("") is None
    assert len(secret.token) == 32


def test_no_two_papers_share_a_token():
    assert len({tokens.fresh().token for _ in range(200)}) == 200
