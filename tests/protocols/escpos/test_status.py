"""One byte says what is wrong; what is no status byte says nothing."""

import pytest

from protocols.escpos import ASK, Cause, Trouble, read


@pytest.mark.parametrize(
    ("cause", "answer", "found"),
    [
        (1, b"\x12", frozenset()),
        (4, b"\x12", frozenset()),
        (1, b"\x1a", {Trouble.OFFLINE}),
        (2, b"\x16", {Trouble.COVER_OPEN}),
        (2, b"\x32", {Trouble.PAPER_OUT}),
        (2, b"\x52", {Trouble.ERROR}),
        (3, b"\x1a", {Trouble.CUTTER}),
        (3, b"\x32", {Trouble.ERROR}),
        (4, b"\x1e", {Trouble.PAPER_LOW}),
        (4, b"\x7e", {Trouble.PAPER_LOW, Trouble.PAPER_OUT}),
        (1, b"\x13\x11\x12", frozenset()),
        (1, b"", Cause.NOTHING),
        (1, b"\x11", Cause.NOTHING),
        (1, b"\xff", Cause.NO_STATUS),
        (1, b"\x00", Cause.NO_STATUS),
    ],
)
def test_a_status_byte_says_what_is_wrong(cause, answer, found):
    assert read(cause, answer) == found


def test_what_is_asked_for_is_one_of_four():
    assert {n: bytes((0x10, 4, n)) for n in (1, 2, 3, 4)} == ASK
