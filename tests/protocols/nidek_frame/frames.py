"""Frames put together from the facts on the wire page, by a hand that does not know the decoder."""

from collections.abc import Iterable


def block(header: str, *segments: str, cr: bool = False) -> bytes:
    end = "\x17\r" if cr else "\x17"
    return f"\x01{header}\x02{''.join(segment + end for segment in segments)}".encode("latin-1")


def summed(blocks: Iterable[bytes]) -> bytes:
    frame = b"".join(blocks) + b"\x04"
    total = 0
    for byte in frame:
        total += 0 if byte in (13, 10) else byte
    return frame + b"%04X" % (total % 65536)


def unsummed(*blocks: bytes) -> bytes:
    return b"".join(blocks) + b"\x04"


def heading(number: str = "0042", model: str = "ARK-1a") -> tuple[str, ...]:
    return (f"IDNIDEK/{model}", f"NO{number}", "DA05/FEB/2024.14:07", "VD12.00", "WD35")


NIGHT = block("Drm", *heading(), "OL-01.50-00.25010", "OR-01.75-00.50170", "DL-00.25+00.00+10", "DR+00.00-00.25-05")
DAY = block(
    "DRM",
    *heading(),
    "OL-01.25-00.25000",
    "OL-01.25-00.250009 ",
    "OL-01.50-00.250058 ",
    "OL-01.25-00.000007*",
    "OR-01.75-00.251759 ",
    "CL-01.25-00.25000",
    "PD64????60",
)
CORNEA = block(
    "DKM",
    " L07.7607.7014007.73",
    "DL43.5043.7514043.75-00.25",
    " R07.8407.7612007.80",
    "DR43.0043.5012043.25-00.50",
    "SL11.8",
    "PL05.7N",
)

# The example of NIDEK's LM-1000 USB interface manual 31001*RTZ002E/E, p. 24, CR code ON; its sum is the manual's.
MANUAL_LM1000P = (
    b"\x01DLM\x02IDNIDEK/LM-1000P\x17\r R-01.25-00.75120\x17\rAR02.00\x17\rPR02.50I\x17\rPR02.00D\x17\r"
    b" L-02.00-00.50180\x17\rAL02.25\x17\rPL01.25O\x17\rPL02.00U\x17\r\x0416C1\r"
)

REQUEST = bytes.fromhex("01 43 2A 2A 02 52 53 17 04")
