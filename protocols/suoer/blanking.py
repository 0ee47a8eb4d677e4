"""Takes out every line in which nothing is known to stand: an ID or a name may (docs/wire/suoer.md)."""

from protocols.framing import Event, Transmission
from protocols.framing.masking import each, masked
from protocols.suoer.dialect import decode
from protocols.suoer.print_out import PLACES


def blank(data: bytes) -> bytes:
    """The same bytes without those lines' letters and digits, as long as before."""
    read: list[Event] = [event for event in decode(data) if isinstance(event, Transmission)]
    return each(data, read, _blanked)


def _blanked(raw: bytes) -> bytes:
    return b"\n".join(line if at in PLACES else masked(line) for at, line in enumerate(raw.split(b"\n")))
