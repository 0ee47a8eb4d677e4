"""Takes out the digits behind ``No.``: they run, but the XML of the same instrument calls them the patient's.

What was read as ``print_number`` is zeros afterwards.
"""

import re

from protocols.framing.masking import masked, replaced

_NUMBER = re.compile(rb"No\.[ \t]{0,20}:[ \t]{0,20}(?P<who>\d(?:(?!No\.)\S)*)")


def blank(data: bytes) -> bytes:
    """The same bytes without the number, as long as before."""
    return replaced(_NUMBER, data, masked)
