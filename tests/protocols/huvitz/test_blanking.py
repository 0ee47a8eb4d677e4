"""What nobody knows in a heading or an object goes; numbers that run and eyes stay."""

import json

import pytest

from protocols import huvitz
from tests.protocols.blanking import assert_only_the_patient_is_gone
from tests.protocols.huvitz.test_records import CORNEA, LEFT, PRINT_OUT, RIGHT


def test_words_of_a_heading_go_and_its_number_stays():
    data = b"S Doe No=03139 Jane 4711 E" + RIGHT + LEFT + CORNEA
    blanked = assert_only_the_patient_is_gone(huvitz, data, "Doe", "Jane", "4711")

    assert blanked.startswith(b"S XXX No=03139 XXXX 0000 E" + RIGHT)


def test_a_heading_of_its_number_alone_stays():
    assert huvitz.blank(PRINT_OUT) == PRINT_OUT


OBJECT = b'{"right_s_avg": -1.25, "right_c_avg": "-0.50", "right_a_avg": "90", "pd_avg": 63.5, "who": %s}'


def test_further_texts_of_an_object_go():
    blanked = assert_only_the_patient_is_gone(huvitz, OBJECT % b'"Doe 4711"', "Doe", "4711")
    assert json.loads(blanked)["who"] == "XXX 0000"


@pytest.mark.parametrize(("number", "without"), [(b"4711", 1000), (b"-47.5", -10.0), (b"0", 1)])
def test_further_figures_of_an_object_go_and_it_stays_an_object(number, without):
    blanked = huvitz.blank(OBJECT % number)

    assert json.loads(blanked) == json.loads(OBJECT % number) | {"who": without}
    assert huvitz.decode(blanked)[0].readings[0].right == huvitz.decode(OBJECT % number)[0].readings[0].right
