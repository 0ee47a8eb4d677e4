"""Takes the patient out of what was said: letters of an id become X, digits 0; a sum that was right stays right.

Length, tags, line ends and the values measured stay, so a blanked capture still shows every quirk. The patient stands
in ``IP`` alone (docs/wire/nidek_frame.md). A sum that was wrong is left as it was: it may be the point of the capture.
"""

import re
from collections.abc import Iterator

from protocols.framing import Transmission
from protocols.framing.masking import masked_id
from protocols.nidek_frame.checksum import checksum
from protocols.nidek_frame.decoder import Decoder

_PATIENT = re.compile(rb"(?<=[\x02\x17\r\n]IP)[^\x01\x17\x04\r\n]+|(?<=\AIP)[^\x01\x17\x04\r\n]+")
_SUM = re.compile(rb"(.*\x04[\r\n]{0,2})([0-9A-Fa-f]{4})([\r\n]*)\Z", re.DOTALL)


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    decoder = Decoder()
    events = [*decoder.feed(data), *decoder.silence()]
    return b"".join(
        _pieces(data, [event.raw for event in events if isinstance(event, Transmission) and _summed(event)])
    )


def _pieces(data: bytes, transmissions: list[bytes]) -> Iterator[bytes]:
    at = 0
    for raw in transmissions:
        found = data.find(raw, at)
        yield _blanked(data[at:found])
        yield _resummed(_blanked(raw))
        at = found + len(raw)
    yield _blanked(data[at:])


def _blanked(data: bytes) -> bytes:
    return _PATIENT.sub(lambda found: masked_id(found[0], keep=b""), data)


def _summed(event: Transmission) -> bool:
    return any(reading.integrity.checksum == "ok" for reading in event.readings)


def _resummed(raw: bytes) -> bytes:
    parts = _SUM.match(raw)
    if parts is None:  # a transmission whose sum verified has one
        return raw
    return parts[1] + b"%04X" % checksum(parts[1]) + parts[3]
