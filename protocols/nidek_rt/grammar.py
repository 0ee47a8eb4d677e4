"""The words of the NIDEK RT line: control bytes, what begins and ends a transmission, how long to wait.

    SOH heading CR    STX @XX CR    STX item CR    …    EOT CR

Sources: RT-5100 RS-232C Interface Manual MRT10*RTZ001J/E (June 2012); captures of RT-5100 from frouty/rt5100rs232
@fcb9eb9. Layout and every doubt: ``docs/wire/nidek_rt.md``.
"""

import re

DIALECT = "nidek_rt"

SOH, STX, EOT, ETB, CR = b"\x01", b"\x02", b"\x04", b"\x17", b"\r"

# What we ask with, and how the phoropter says that it will listen (manual section 7).
REQUEST_TO_SEND = b"\x01C**\x02RS\x17\x04"
INVITATION = re.compile(rb"\x01CRL\x02SD\x17?\x04\r?")

BEGINS = re.compile(rb"\x01(?:NIDEK[ _]RT|CRL\x02SD)")
# The CR is the unit's own and belongs to the raw bytes; whatever else follows an EOT does not.
ENDS = re.compile(rb"\x04(?:\r|(?=[^\r]))")
EXPECTED = "SOH, NIDEK RT-…, lines of STX … CR, EOT CR."

# A print-out with every item of the manual's tables is about 4,000 bytes. Four times that is 73 s at 2400 baud.
LIMIT = 16_384

# A line of 21 bytes takes 87 ms at 2400 baud and lines follow each other without a pause (timed log, @fcb9eb9);
# three seconds of quiet end a print-out whose EOT was lost.
PAUSE_WITHIN = 3.0
PAUSE_AFTER_EOT = 0.2
