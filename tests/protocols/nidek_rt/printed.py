"""Print-outs put together from the facts on the wire page, by a hand that does not know the decoder."""

from protocols.framing import Transmission
from protocols.nidek_rt import decode

HEADING = "NIDEK RT-5100 ID             DA2016/ 9/ 7"


def printed(*lines: str, heading: str = HEADING) -> bytes:
    return f"\x01{heading}\r{''.join(chr(2) + line + chr(13) for line in lines)}\x04\r".encode("latin-1")


def read(*lines: str, heading: str = HEADING):
    (event,) = decode(printed(*lines, heading=heading))
    assert isinstance(event, Transmission), event
    return event.readings


FULL = printed(
    "@RT", "WR 0.08", "MR 0.08  ", "@LM", " R+ 1.75- 1.00 25", " L+ 2.25- 0.50165", "@RM", "OR- 2.75- 1.75105",
    "OL- 1.25- 1.50140", "PD64.0        ", "@RT", "fR- 3.25- 0.75 85", "fL- 4.50- 1.25 95", "aR+ 0.25", "aL+ 0.25",
    "vR 0.8 ", "uR 0.8 -1", "pD64.0        ", "pd59.5        ", "@RT", "FR- 3.50- 0.75 85", "FL-11.75- 1.25 95",
    "AR+ 2.25", "AL+ 2.50", "VB 0.8 ", "PD64.032.032.0", "Pd59.5        ", "NA+ 2.25+ 1.75", "WD35", "wd 40", "TT 047",
    "@KM", "CR 7.80 7.70 90", "DR43.2543.75", "@NT", "TR25.3", "tR3.37",
)  # fmt: skip
