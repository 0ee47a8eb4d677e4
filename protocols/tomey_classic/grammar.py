"""The words: SOH and a number, lines behind STX, CR behind each, EOT; a lensmeter's lines may stand alone.

    SOH *0815 CR  STX RK CR  STX 0R+ 4.75- 0.50178 CR  …  EOT
    LM LF LR- 2.25- 1.00 95 LF AR1.50 LF …

Source: ukinoki/Rufus ``protocols/tomey.cpp`` and ``procedures.cpp`` @70a2597; grade B.
"""

import re

DIALECT = "tomey_classic"
EXPECTED = "SOH, * and a number, or the lines of a lensmeter behind LM"

# PC_… is a phoropter of the same make. The head is taken whole, so that LM behind a number begins nothing.
BEGINS = re.compile(
    rb"\x01\*(?!PC_)(?:(?!LM[\r\n])[^\x01-\x1f]){0,32}(?:[\r\n]{1,2}\x02?(?:RK|LM)(?=[\r\n]))?"
    rb"|LM[\r\n]{1,2}(?=\x02?[LAPD][RL])"
)
ENDS = re.compile(rb"\x04")
SOH, EOT = b"\x01", b"\x04"
_LINE = re.compile(rb"[^\x01\x02\x04\x17\r\n]+")


def lines(raw: bytes) -> list[bytes]:
    """What stands between the control bytes."""
    return _LINE.findall(raw)
