"""Numbers of medical devices: the worked vectors, and every value that fits comes back as it went."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from protocols.gatt.numbers import FLOAT, SFLOAT, NoValue, flt, sfloat, to_flt, to_sfloat
from protocols.gatt.taking import Moment, current_time, written


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("80 00", "128"),
        ("52 00", "82"),
        ("7C F4", "114.8"),
        ("D2 F4", "123.4"),
        ("58 00", "88"),
        ("B4 B0", "0.00180"),
    ],
)
def test_a_short_number_keeps_its_own_step(raw, value):
    assert str(sfloat(bytes.fromhex(raw))) == value


@pytest.mark.parametrize(("raw", "value"), [("6D 01 00 FF", "36.5"), ("74 0E 00 FE", "37.00"), ("25 00 00 00", "37")])
def test_a_long_number_keeps_its_own_step(raw, value):
    assert str(flt(bytes.fromhex(raw))) == value


@pytest.mark.parametrize(("raw", "said"), [("FF 07", "NaN"), ("00 08", "NRes"), ("FE 07", "+INF"), ("02 08", "-INF")])
def test_no_value_is_never_a_number(raw, said):
    assert sfloat(bytes.fromhex(raw)) == NoValue(said)


def test_the_long_number_that_is_none():
    assert flt(bytes.fromhex("FF FF 7F 00")) == NoValue("NaN")


@given(st.integers(0, 0xFFFF))
def test_every_short_number_is_exact_and_comes_back(word):
    raw = word.to_bytes(2, "little")
    value = sfloat(raw)
    mantissa, exponent = (word & 0xFFF) - (word & 0x800) * 2, (word >> 12) - (word >> 15) * 16

    if word in SFLOAT:
        assert value == NoValue(SFLOAT[word])
    else:
        assert value == Decimal(mantissa) * Decimal(10) ** exponent
        assert exponent > 0 or to_sfloat(value) == raw


@given(st.binary(min_size=4, max_size=4))
def test_every_long_number_comes_back(raw):
    word = int.from_bytes(raw, "little")
    assume(word not in FLOAT and raw[3] >= 0x80)

    assert to_flt(flt(raw)) == raw


@given(st.decimals(allow_nan=False, allow_infinity=False, places=1, min_value=-200, max_value=200))
def test_what_a_cuff_can_say_survives_the_way(value):
    assert sfloat(to_sfloat(value)) == value


@pytest.mark.parametrize("value", ["2048", "0.000000001", "2047"])
def test_a_number_that_does_not_fit_is_refused(value):
    with pytest.raises(ValueError, match=r"digits|read as"):
        to_sfloat(Decimal(value))


@pytest.mark.parametrize("length", [0, 1, 3, 5])
def test_another_length_is_no_number(length):
    with pytest.raises(ValueError, match="no number"):
        sfloat(bytes(length))


@given(st.datetimes(datetime(1582, 10, 15), datetime(9999, 12, 31)))
def test_a_time_comes_back_to_the_second(at):
    assert Moment(written(at)).when() == at.replace(microsecond=0)


def test_the_time_that_is_set_has_its_weekday():
    assert current_time(datetime(2026, 3, 4, 9, 30)).hex(" ") == "ea 07 03 04 09 1e 00 03 00 01"


@pytest.mark.parametrize(
    ("raw", "known"), [("0000 00 00 00 00 00", False), ("EA07 00 04 09 1E 00", False), ("EA07 02 1F 09 1E 00", True)]
)
def test_a_clock_that_was_never_set_gives_no_time(raw, known):
    moment = Moment(bytes.fromhex(raw))

    assert (moment.known, moment.when()) == (known, None)
