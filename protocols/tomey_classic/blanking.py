"""Takes out the number behind SOH and the star: whether it runs or is a patient's is not told, so it goes.

Where it is digits it was read as ``print_number``, which is zeros afterwards.
"""

import re

from protocols.framing.masking import masked, replaced

_NUMBER = re.compile(rb"(?:\x01|SOH)\*(?!PC_)(?P<who>[^\x01-\x1f]{1,32})")


def blank(data: bytes) -> bytes:
    """The same bytes without the number, as long as before."""
    return replaced(_NUMBER, data, lambda who: masked(who, keep=b""))
