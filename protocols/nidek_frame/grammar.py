"""The words of the NIDEK frame: control bytes, block headers, device codes, and how much may be pending.

    SOH HHH STX segment ETB [CR] segment ETB [CR] …  [SOH HHH STX …]  EOT [CCCC] [CR]

Sources: LM-1000/1000P/1200 RS-232C Interface Manual 31001*RTZ001E/E (2008) and USB Interface Manual
31001*RTZ002E/E (2010, p. 24); captures and handshake from ukinoki/Rufus ``protocols/nidek.cpp`` @70a2597.
Layout and every doubt: ``docs/wire/nidek_frame.md``.
"""

import re

DIALECT = "nidek_frame"

SOH, STX, ETB, EOT = b"\x01", b"\x02", b"\x17", b"\x04"

# Three printable characters between SOH and STX; anything else after an SOH is not the start of a block.
START = re.compile(rb"\x01([\x20-\x7e]{3})\x02")
START_BYTES = 5

# A full TONOREF III print-out (ten readings an eye, two rings, pressure, thickness) composed from the tables
# is about 3,600 bytes. Four times that is 17 seconds at 9600 baud: by then the EOT is not coming any more.
MAX_PENDING = 16_384

# Seconds of quiet after which what is pending has to be settled (Rufus, in daily use).
PAUSE_AFTER_EOT = 0.2
PAUSE_WITHIN = 3.0

DATA_HEADERS = ("Drm", "DRM", "DKM", "Dkm", "DLM", "DNT", "DPM")
COMMON_TAGS = frozenset({"ID", "NO", "IP", "DA"})

REQUEST_HEADER = "C**"
REQUEST_TEXT = "RS"

# What stands after the C in a command to the instrument (XDT-MEDISTAR command table @cde2a5e, grade C;
# RK, RM and LM are in daily use in Rufus).
DEVICE_CODES = {
    "RK": "autorefractor with keratometry",
    "RM": "autorefractor without keratometry",
    "LM": "lensmeter",
    "Nt": "non-contact tonometer",
    "PM": "pachymeter",
    "NP": "tonometer with pachymetry",
}


def send_data(device_code: str) -> bytes:
    """The answer to a request to send. The CR after EOT is needed: without it nothing comes (Rufus)."""
    return SOH + b"C" + device_code.encode("ascii") + STX + b"SD" + ETB + EOT + b"\r"
