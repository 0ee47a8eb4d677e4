"""Print-outs put together from docs/wire/tomey_top.md."""

RULE = b"-" * 27 + b"\n"
ROWS = b"C.IOP    16.2          15.8\nCCT       531           526\nAvg.     14.5          13.8\n"
PUFFS = b"          14            13\n          13            12\n"
FOOT = (
    b"        Right          Left\n" + RULE + b"         mmHg          mmHg\n" + RULE + b"    2024-02-05 14:07:00\n"
    b"No.        :  00000017\n"
)
WHOLE = b"                 Rodenstock\n\n" + ROWS + RULE + PUFFS + FOOT + b"TopaScope\n"


def printed(rows=ROWS, puffs=PUFFS, foot=FOOT):
    """A print-out with other rows."""
    return b"                 Rodenstock\n\n" + rows + RULE + puffs + foot + b"TopaScope\n"
