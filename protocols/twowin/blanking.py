"""Takes the patient out: names, birth date, ID, location and contact, the second to seventh field of an exam."""

import re

from protocols.framing.masking import SHAPE, each, masked_id
from protocols.twowin.dialect import GRAMMAR, decode

_KEPT = SHAPE + b'"'  # a quotation mark that has no partner is why an exam cannot be read
_FIELD = rb'(?:"(?:[^"\n]|"")*"[^,\n]*|[^,\n]*)'
_EXAM = re.compile(rb"(" + GRAMMAR.begins.pattern + rb")(" + _FIELD + rb"(?:," + _FIELD + rb"){0,5})")
_ONE = re.compile(rb"(?:\A|(?<=,))" + _FIELD)


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    return each(data, decode(data), _blanked)


def _blanked(raw: bytes) -> bytes:
    return _EXAM.sub(lambda exam: exam[1] + _ONE.sub(_masked, exam[2]), raw, count=1)


def _masked(field: re.Match[bytes]) -> bytes:
    """Between quotation marks where it has them."""
    said = field[0]
    if len(said) > 1 and said.startswith(b'"') and said.endswith(b'"'):
        return b'"' + masked_id(said[1:-1], _KEPT) + b'"'
    return masked_id(said, _KEPT)
