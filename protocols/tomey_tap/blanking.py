"""Takes out the numbers behind the name of the phoropter: nobody has told whether they are a patient's."""

import re

from protocols.framing.masking import masked, replaced

_FIRST_LINE = re.compile(
    rb"\*PC_(?:RCV|SND)_S(?:\x04|EOT)?[\r\n]{0,2}\x02?\*?[A-Za-z][A-Za-z0-9 -]{2,}\|(?P<who>[^\x01\x02\x04\x17\r\n]+)"
)


def blank(data: bytes) -> bytes:
    """The same bytes without the numbers, as long as before."""
    return replaced(_FIRST_LINE, data, lambda who: masked(who, keep=b"|"))
