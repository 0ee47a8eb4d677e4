"""Two lines of twenty, whatever they are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cd5220 import brightness, show


def shown(said):
    """A display that does what the manuals say: what stands in its two lines."""
    rows, at = {"A": " " * 20, "B": " " * 20}, 0
    while at < len(said):
        if said[at] == 0x0C:
            rows, at = {"A": " " * 20, "B": " " * 20}, at + 1
        elif said[at : at + 2] == b"\x1bQ":
            end = said.index(b"\r", at)
            rows[chr(said[at + 2])], at = said[at + 3 : end].decode(), end + 1
        else:
            assert said[at] == 0x1B, said[at:]
            at += {0x40: 2, 0x5F: 3, 0x3D: 3, 0x2A: 3}[said[at + 1]]
    return rows["A"], rows["B"]


def test_a_number_and_a_room_stand_in_their_lines():
    assert shown(show("A012", "Room 3")) == ("A012".ljust(20), "Room 3".ljust(20))


def test_behind_a_printer_the_line_is_given_back():
    said = show("A012", through_printer=True)
    assert (said[:3], said[-3:]) == (b"\x1b=\x02", b"\x1b=\x01")
    assert shown(said)[0].strip() == "A012"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_a_line_is_always_twenty(text):
    upper, lower = shown(show(text, text))
    assert upper == lower == text[:20].ljust(20)


@pytest.mark.parametrize("text", ["张三", "A\rB", "A\x1b@", "é"])
def test_what_it_has_no_letters_for_is_refused(text):
    with pytest.raises(ValueError, match="ASCII"):
        show(text)


def test_brightness_has_four_steps():
    assert brightness(4) == b"\x1b*\x04"
    with pytest.raises(ValueError, match="from 1 to 4"):
        brightness(5)
