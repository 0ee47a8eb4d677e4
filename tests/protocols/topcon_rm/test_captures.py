"""What this dialect does not read, though it comes from the same maker."""

from protocols.framing import Transmission
from protocols.topcon_ct import decode as decode_ct
from protocols.topcon_rm import decode, recognise
from tests.protocols.sheet.captures import capture


def test_the_live_control_of_a_cv_5000_is_no_measurement():
    """Bus traffic that moves lenses; docs/wire/topcon_cv.md tells why it is refused."""
    data = capture("topcon-cv5000-live-1.csv")

    assert recognise(data).score == 0
    assert not any(isinstance(event, Transmission) for event in (*decode(data), *decode_ct(data)))


def test_the_bytes_of_its_commands_are_no_refraction():
    lenses = b"\x01B\rR\r- 0.25\r  0.00\r   0\rL\r  0.00\r  0.00\r   0\r01\r01\r0\r\x04"

    assert recognise(lenses).score == 0
