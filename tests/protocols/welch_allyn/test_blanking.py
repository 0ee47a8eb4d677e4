"""A line in which nothing is known to stand may hold the name: it goes."""

from protocols import welch_allyn
from tests.protocols.blanking import assert_only_the_patient_is_gone
from tests.protocols.welch_allyn.test_print_out import LINES, PRINT_OUT


def test_the_name_goes_and_every_known_line_stays():
    blanked = assert_only_the_patient_is_gone(welch_allyn, PRINT_OUT, "Doe", "Jane")

    assert blanked.split(b"\r\n") == [b"XXXX", b"XXX XXXX", *LINES[2:]]


def test_a_name_of_other_letters_goes_in_any_encoding():
    for who in ("J\u00e4ne".encode(), "J\u00e4ne".encode("latin-1")):
        data = PRINT_OUT.replace(b"Jane", who)
        assert who not in welch_allyn.blank(data)
        assert len(welch_allyn.blank(data)) == len(data)


def test_words_that_stand_twice_are_masked_where_nobody_reads_them():
    time = LINES[12]
    blanked = assert_only_the_patient_is_gone(welch_allyn, PRINT_OUT + b"Doe\r\n" + time + b"\r\n", "Doe")

    assert blanked.count(time) == 1


def test_what_is_no_print_out_stays():
    assert welch_allyn.blank(b"Doe Jane\r\n") == b"Doe Jane\r\n"
