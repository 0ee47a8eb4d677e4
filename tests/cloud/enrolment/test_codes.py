"""The secret of a claim, as it is made, printed, typed and mistyped."""

import hypothesis.strategies as st
from hypothesis import given

from cloud.enrolment import codes

letter = st.sampled_from(codes.ALPHABET)
code = st.builds(lambda _: codes.fresh(), st.integers())


def test_a_code_holds_128_bits_and_more():
    assert 32**codes.LETTERS >= 2**128
    assert len({codes.fresh() for _ in range(200)}) == 200


@given(code)
def test_a_code_is_read_as_it_is_printed_and_as_people_type_it(fresh):
    printed = codes.grouped(fresh)
    sloppy = printed.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert [codes.normal(one) for one in (fresh, printed, sloppy)] == [fresh] * 3


@given(code, st.integers(0, codes.LETTERS - 1), letter)
def test_one_wrong_letter_is_known(fresh, at, other):
    wrong = fresh[:at] + other + fresh[at + 1 :]
    assert codes.normal(wrong) == (fresh if wrong == fresh else None)


@given(code, st.integers(0, codes.LETTERS - 2))
def test_two_letters_that_changed_places_are_known(fresh, at):
    wrong = fresh[:at] + fresh[at + 1] + fresh[at] + fresh[at + 2 :]
    assert codes.normal(wrong) == (fresh if wrong == fresh else None)


@given(st.text(max_size=200))
def test_whatever_is_typed_has_an_answer(text):
    found = codes.normal(text)
    assert found is None or len(found) == codes.LETTERS + 1


@given(code)
def test_a_code_may_stand_in_a_command_unquoted(fresh):
    assert set(codes.grouped(fresh)) <= set(codes.ALPHABET) | {"-"}


@given(st.binary(min_size=32, max_size=32))
def test_the_letters_to_compare_say_something_about_the_key_and_nothing_else(digest):
    shown = codes.comparison(digest.hex())
    assert (len(shown), shown[3], set(shown) - {"-"} <= set(codes.ALPHABET)) == (7, "-", True)
    assert shown == codes.comparison(digest.hex())
