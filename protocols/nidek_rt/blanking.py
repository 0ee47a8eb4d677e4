"""Takes the patient out: ``ID`` in the heading of either form, and in the block of what is sent to a phoropter.

Behind ``ID`` are twelve characters before the date, or all there are; an ID may itself hold a ``DA``.
"""

import re

from protocols.framing.masking import masked_id, replaced

_WORDS = rb"[^\x01\x02\x04\x17\r\n]"
_HEADING = re.compile(
    rb"NIDEK[ _]RT[^\s]{0,16} +ID(?P<who>(?:%s{12}(?= DA)|%s*?(?= *DA\d{4}/)|%s*))" % (_WORDS, _WORDS, _WORDS)
)
_LINE = re.compile(rb"(?<=[\x02\r\n])ID(?P<who>%s+?(?= *DA\d{4}/)|%s+)" % (_WORDS, _WORDS))


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    for pattern in (_HEADING, _LINE):
        data = replaced(pattern, data, _masked)
    return data


def _masked(who: bytes) -> bytes:
    return masked_id(who, keep=b"")
