"""Takes out every line in which nothing is known to stand: the patient's name is in one (docs/wire/welch_allyn.md)."""

from protocols.framing import Transmission
from protocols.framing.masking import masked
from protocols.labelled import text
from protocols.welch_allyn.dialect import decode

_AROUND = "\x00\x1a"


def blank(data: bytes) -> bytes:
    """The same bytes without the lines that the reading keeps as ``extra.text``, as long as before."""
    readings = [reading for event in decode(data) if isinstance(event, Transmission) for reading in event.readings]
    unread = [line for reading in readings for line in reading.extra.get("text", ())]
    lines = data.split(b"\n")
    for at in reversed(range(len(lines))):  # the same words may stand where they are known, and again behind
        if unread and unread[-1] in _spelt(lines[at]):
            lines[at] = masked(lines[at])
            unread.pop()
    return b"\n".join(lines)


def _spelt(line: bytes) -> set[str]:
    """How a line may have been read, the first and the last one without what stands around a file."""
    said = (text(line), line.decode("latin-1"))
    return {one.strip() for spelt in said for one in (spelt, spelt.strip(_AROUND))}
