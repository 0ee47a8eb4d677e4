"""Two ways of writing a contact point are one contact point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.people.phones import fits, normalized, tail, telephone


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        *(
            ("+44 (0)7700 900123", "+447700900123"),
            ("0044 7700-900 123", "+447700900123"),
            ("07700 900123", "07700900123"),
        ),
        *(("\uff0b\uff18\uff16 138 1234 5678", "+8613812345678"), ("138.1234.5678", "13812345678"), ("no number", "")),
        *(("+", ""), ("", ""), ("00 12", "0012")),
    ],
)
def test_a_telephone_is_its_digits(written, compared):
    assert telephone(written) == compared


@pytest.mark.parametrize("written", ["+44 7700 900123", "07700 900123", "0044 (0) 7700/900123"])
def test_country_and_trunk_prefix_do_not_hide_a_subscriber(written):
    assert tail(written) == "00900123"


def test_a_short_number_tells_nobody_apart():
    assert tail("5555 12") == ""


@given(st.text(max_size=40))
def test_normalizing_twice_is_normalizing_once(text):
    for kind in ("mobile", "email", "address", "wechat"):
        once = normalized(kind, text)
        assert normalized(kind, once) == once


@pytest.mark.parametrize(
    ("kind", "value", "does"),
    [
        *(("mobile", "07700 900123", True), ("mobile", "call me", False), ("phone", "1" * 16, False)),
        *(("email", "a@b.example", True), ("email", "a@b", False), ("email", "a b@c.example", False)),
        *(("wechat", "wx_1", True), ("address", " ", False)),
    ],
)
def test_what_can_be_such_a_contact_point(kind, value, does):
    assert fits(kind, value) is does
