"""A print-out that lost its control bytes on the way into a text file."""

import pytest

from protocols.framing import Garbled, Transmission
from protocols.nidek_frame import decode, recognise
from tests.protocols.nidek_frame.frames import CORNEA, DAY, NIGHT

TEXT = (NIGHT + DAY + CORNEA).replace(b"\x02", b"").replace(b"\x01", b"").replace(b"\x17", b"\n")


@pytest.mark.parametrize("text", [TEXT, b"\x01" + TEXT, TEXT.replace(b"\n", b"\r\n")])
def test_a_print_out_in_text_form_is_read_and_says_what_it_lost(text):
    (event,) = decode(text)

    assert isinstance(event, Transmission)
    assert [reading.kind if hasattr(reading, "kind") else type(reading).__name__ for reading in event.readings] == [
        "Autorefraction",
        "Autorefraction",
        "Keratometry",
    ]
    for reading in event.readings:
        assert reading.integrity.checksum == "none"
        assert "control_bytes_lost" in [note.code for note in reading.notes]


def test_text_is_recognised_below_any_whole_frame():
    assert recognise(TEXT).score == 70


@pytest.mark.parametrize("text", [b"OR-04.50-00.75110\n", b"DRM\nOR-04.50-00.75110\n", b"DRMIDNIDEK\nOR+00.00"])
def test_text_without_header_maker_and_model_is_not_believed(text):
    assert recognise(text).score == 0


def test_a_print_out_without_values_is_refused():
    (event,) = decode(b"DRMIDNIDEK/ARK-1a\nNO0042\n")

    assert isinstance(event, Garbled)
