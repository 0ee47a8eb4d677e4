"""Lines in which nothing is known to stand may hold an ID or a name: they go."""

from protocols import suoer
from tests.protocols.blanking import assert_only_the_patient_is_gone
from tests.protocols.suoer.test_print_out import LINES, PRINT_OUT


def test_the_id_goes_and_every_known_line_stays():
    named = b"\n".join([LINES[0], b"ID:H-1001 Doe", *LINES[2:], b"Doe Jane", b""])
    blanked = assert_only_the_patient_is_gone(suoer, named, "H-1001", "Doe", "Jane")

    assert blanked.split(b"\n")[2:5] == LINES[2:5]
    assert blanked.split(b"\n")[6:11] == LINES[6:11]


def test_figures_and_time_stay():
    assert suoer.blank(PRINT_OUT).split(b"\n")[2] == b"Time:2018-12-09 13:50:00"


def test_what_is_no_print_out_stays():
    assert suoer.blank(b"Doe Jane\n") == b"Doe Jane\n"
