"""Takes out what nobody knows: the words of the heading beside its number, and further values of an RMK-800's object.

No field of a patient is known here (docs/wire/huvitz.md); whether those words name one is not known either.
"""

import re

from protocols.framing.masking import each, masked, settled
from protocols.huvitz.dialect import decode
from protocols.huvitz.records import HEADING

_HEADING = re.compile(HEADING)
_NUMBER = re.compile(rb"(No=[ ]*\d+)")
_VALUE = re.compile(
    rb'(?P<known>"\w{1,40}_avg"\s*:\s*(?:"[^"]*"|[^\s,}\]]+)|"(?:[^"\\]|\\.)*"(?=\s*:))'
    rb'|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<figure>-?\d[\d.eE+-]*)'
)


def blank(data: bytes) -> bytes:
    """The same bytes without those words, as long as before."""
    return settled(data, lambda said: each(said, decode(said), _blanked))


def _blanked(raw: bytes) -> bytes:
    if raw.startswith(b"{"):
        return _VALUE.sub(_value, raw)
    head = _HEADING.match(raw)
    return _words(head[0]) + raw[head.end() :] if head else raw


def _words(head: bytes) -> bytes:
    """Between S and E, the running number left as it is."""
    last = head.rindex(b"E")
    parts = _NUMBER.split(head[1:last], maxsplit=1)
    return b"S" + b"".join(part if at % 2 else masked(part) for at, part in enumerate(parts)) + head[last:]


def _value(found: re.Match[bytes]) -> bytes:
    if found["known"] is not None:
        return found[0]
    if found["text"] is not None:
        return b'"' + masked(found["text"]) + b'"'
    return re.sub(rb"\d", b"0", re.sub(rb"(?<=\d)\d", b"0", found[0])).replace(b"0", b"1", 1)
