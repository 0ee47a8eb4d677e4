"""Print-outs put together from docs/wire/tomey_classic.md."""

EYES = ["RK", "0R+ 4.75- 0.50178", "0L+ 2.50- 1.25  7", "DB61.5"]
CORNEAS = ["CR 7.9242.50 89 7.7043.75179 7.81- 1.25", "CL 8.0042.25  5 7.8543.00 95 7.93- 0.75"]
LENSES = b"LM\nLR- 2.25- 1.00 95\nAR1.50\nPR\nDR\nLL- 2.75- 0.25 85\nAL2.00\nPL\nDL\n"


def framed(*lines, number="0815"):
    """As on a wire."""
    return f"\x01*{number}\r{''.join(f'{chr(2)}{line}{chr(13)}' for line in lines)}\x04".encode("ascii")


WHOLE = framed(*EYES, *CORNEAS)

# SOH as a word, the other control bytes lost.
PRINTED = (
    b"SOH*0815\nRK\n0R+ 4.75- 0.50178\n0L+ 2.50- 1.25  7\nDB61.5\n"
    b"CR 7.9042.75  5 7.7043.75 95 7.80- 1.00\nCL 7.9042.75  5 7.7043.75 95 7.80- 1.00\n"
)
