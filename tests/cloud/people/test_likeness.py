"""How alike two people are, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.people.likeness import Traits, compare, name_key, sound, sound_key

BORN = date(1984, 3, 7)


def traits(family, given="", born=None, **more):
    return Traits(name_key(family, given), sound_key(family, given), born, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((("Okafor", "Grace"), ("grace", "OKAFOR")), (("王", "小明"), ("Wang", "Xiao Ming"))),
        *(
            (("王小明", ""), ("王", "小明")),
            (("Müller", "Änne"), ("Muller", "Anne")),
            (("O'Hara", "Jo"), ("OHara", "Jo")),
        ),
    ],
)
def test_a_name_is_one_name_in_any_order_and_script(one, other):
    assert name_key(*one) == name_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("mueller", "muller"), ("zhang", "zang"), ("cheng", "chen"), ("smith", "smyth"), ("robert", "rupert")),
        *(("philip", "filip"), ("lindqvist", "lindkvist")),
    ],
)
def test_what_sounds_alike_has_one_sound(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("word", "code"), [("robert", "R163"), ("tymczak", "T522"), ("pfister", "P236"), ("honeyman", "H555")]
)
def test_soundex_as_its_examples_have_it(word, code):
    assert sound(word) == code


@pytest.mark.parametrize(
    ("one", "other", "reasons", "likely"),
    [
        (traits("Okafor", "Grace", BORN), traits("Grace", "Okafor", BORN), ("same_name", "birth_date"), True),
        (traits("Okafor", "Grace"), traits("Okafor", "Grace"), ("same_name",), True),
        (
            traits("Okafor", "Grace", BORN),
            traits("Okafor", "Grace", date(1990, 1, 1)),
            ("same_name", "other_birth"),
            False,
        ),
        (traits("Zhang", "Wei", BORN), traits("Zang", "Wei", BORN), ("birth_date", "like_name"), True),
        (
            traits("Okafor", "Grace", BORN),
            traits("Okafor", "Grace", date(1984, 7, 3)),
            ("same_name", "birth_slip"),
            True,
        ),
        (traits("Okafor", "Grace", BORN), traits("Lind", "Per", BORN), ("birth_date",), False),
        (
            traits("Okafor", "Grace", birth_year=1984),
            traits("Okafor", "Grace", BORN),
            ("same_name", "birth_year"),
            True,
        ),
        (traits("A", "B", id_number="X1"), traits("C", "D", id_number="X1"), ("id_number",), True),
        (
            traits("A", "B", tails=frozenset({"00900123"})),
            traits("C", "D", tails=frozenset({"00900123"})),
            ("telephone",),
            False,
        ),
        (traits("Okafor", "G", sex="female"), traits("Okafor", "G", sex="male"), ("same_name", "other_sex"), False),
    ],
)
def test_points_are_given_for_reasons(one, other, reasons, likely):
    found = compare(one, other)
    assert (found.reasons, found.likely) == (reasons, likely)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_likeness_has_no_direction_and_nobody_is_unlike_himself(a, b, c, d):
    one, other = traits(a, b, BORN), traits(c, d, BORN)
    assert compare(one, other) == compare(other, one)
    assert compare(one, one).points >= compare(one, other).points
    assert len(name_key(a, b)) <= 200
    assert len(sound_key(a, b)) <= 40
