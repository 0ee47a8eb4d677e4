"""Check digits: worked examples, and what a slip of the finger does to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.people.numbers import FIRST, check_digit, holds, numbered

SERIALS = st.integers(FIRST, 10**12)


@pytest.mark.parametrize("number", ["794623", "002006673085", "01000001381"])
def test_numbers_published_as_examples_of_the_standard_hold(number):
    assert holds(number)


@pytest.mark.parametrize("number", ["794624", "00200667308", "", "7", "79462a", "٧٩٤٦٢٣"])
def test_what_is_no_such_number_does_not(number):
    assert not holds(number)


@given(SERIALS)
def test_every_number_given_out_holds_and_names_its_serial(serial):
    number = numbered(serial)
    assert holds(number)
    assert number[:-1] == str(serial)


@given(SERIALS, st.data())
def test_one_wrong_digit_never_passes(serial, data):
    number = numbered(serial)
    at = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[at]]))
    assert not holds(number[:at] + wrong + number[at + 1 :])


def test_of_neighbours_swapped_nearly_none_passes():
    passed = tried = 0
    for number in map(numbered, range(FIRST, FIRST + 3000)):
        for at in range(len(number) - 1):
            swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
            tried += swapped != number
            passed += swapped != number and holds(swapped)
    assert passed / tried < 0.03


def test_letters_have_no_check_digit():
    with pytest.raises(ValueError, match="digits"):
        check_digit("A1")
