"""Takes the patient out of ``[PT_ID],*…``."""

import re

from protocols.framing.masking import masked, replaced

_ID = re.compile(rb"\[PT_ID\],(?P<who>(?:(?!\[[A-Z][A-Z0-9_]{0,15}\])[^\r\n])*)")


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    return replaced(_ID, data, lambda who: masked(who, keep=b"*,["))
