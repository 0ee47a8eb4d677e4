"""Takes out every line in which nothing is known to stand: a name or an ID may (docs/wire/welch_allyn.md)."""

from protocols.labelled.blanking import blank_lines
from protocols.welch_allyn.dialect import decode


def blank(data: bytes) -> bytes:
    """The same bytes without those lines' letters and digits, as long as before."""
    return blank_lines(data, decode(data))
