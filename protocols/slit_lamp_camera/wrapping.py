"""A JPEG in a DICOM object, byte for byte: Ophthalmic Photography 8 Bit (PS3.3 A.41), explicit VR little endian.

What nobody knows (patient, dilation, pressure) stays empty, as the standard allows for type 2.
"""

import hashlib
import re
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from protocols.framing import Unread
from protocols.slit_lamp_camera.choices import ILLUMINATIONS, Code
from protocols.slit_lamp_camera.jpeg import Jpeg, facts

DICOM = "application/dicom"
PHOTOGRAPHY = "1.2.840.10008.5.1.4.1.1.77.1.5.1"
BASELINE = 0xC0
BASELINE_JPEG = "1.2.840.10008.1.2.4.50"
SLIT_LAMP = Code("397247004", "SCT", "Slit Lamp Biomicroscope")  # CID 4202
EYE = Code("81745001", "SCT", "Eye")  # CID 4209
SIDES = {"right": "R", "left": "L"}
WRITER = "2.25.187416720944327953183962117404386811403"
_LONG = frozenset({"OB", "SQ", "UN", "UT"})  # VRs whose length has four bytes
_SAID = re.compile(r"Magnification (\S+)\Z")


@dataclass(frozen=True, slots=True)
class Shot:
    """What is known besides the picture; ``at`` is the gateway's time with its zone."""

    eye: Literal["right", "left"]
    at: datetime
    magnification: str | None = None
    illumination: str | None = None  # a key of ILLUMINATIONS
    maker: str = ""
    model: str = ""


def wrapped(jpeg: bytes, shot: Shot) -> bytes:
    """The object. Raises Unread for anything but a whole baseline JPEG in colour with its tables."""
    found = facts(jpeg)
    if found.process != BASELINE or found.components != 3 or not found.has_tables:
        raise Unread("Only a baseline JPEG in colour with its own tables can be wrapped unchanged.")
    name = f"2.25.{_number(jpeg, shot, 'picture')}"
    body = b"".join((_who(name, jpeg, shot), _eye(shot), _picture(found, len(jpeg)), _pixels(jpeg)))
    return bytes(128) + b"DICM" + _head(name) + body


def magnification(comments: str) -> str | None:
    """What ``wrapped`` wrote of the magnification into (0020,4000): DICOM has no attribute of its own for it."""
    said = _SAID.match(comments)
    return said[1] if said else None


def _head(name: str) -> bytes:
    rest = (
        _element(0x0002, 0x0001, "OB", b"\x00\x01")
        + _text(0x0002, 0x0002, "UI", PHOTOGRAPHY)
        + _text(0x0002, 0x0003, "UI", name)
        + _text(0x0002, 0x0010, "UI", BASELINE_JPEG)
        + _text(0x0002, 0x0012, "UI", WRITER)
        + _text(0x0002, 0x0013, "SH", "EMMETRA")
    )
    return _element(0x0002, 0x0000, "UL", struct.pack("<I", len(rest))) + rest


def _who(name: str, jpeg: bytes, shot: Shot) -> bytes:
    day, time = f"{shot.at:%Y%m%d}", f"{shot.at:%H%M%S}.{shot.at.microsecond:06}"
    said = [
        *[(0x0008, 0x0005, "CS", "ISO_IR 192"), (0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY")],
        *[(0x0008, 0x0016, "UI", PHOTOGRAPHY), (0x0008, 0x0018, "UI", name)],
        *[(0x0008, 0x0020, "DA", day), (0x0008, 0x0023, "DA", day), (0x0008, 0x002A, "DT", f"{day}{time}")],
        *[(0x0008, 0x0030, "TM", time), (0x0008, 0x0033, "TM", time), (0x0008, 0x0050, "SH", "")],
        *[(0x0008, 0x0060, "CS", "OP"), (0x0008, 0x0070, "LO", shot.maker[:64]), (0x0008, 0x0090, "PN", "")],
        *([(0x0008, 0x0201, "SH", f"{shot.at:%z}"[:5])] if shot.at.tzinfo else []),
        (0x0008, 0x1090, "LO", shot.model[:64]),
    ]
    blank = [(0x0010, 0x0010, "PN"), (0x0010, 0x0020, "LO"), (0x0010, 0x0030, "DA"), (0x0010, 0x0040, "CS")]
    study, series = (f"2.25.{_number(jpeg, shot, what)}" for what in ("study", "series"))
    comment = f"Magnification {shot.magnification}" if shot.magnification else ""
    place = [
        *[(0x0020, 0x000D, "UI", study), (0x0020, 0x000E, "UI", series), (0x0020, 0x0010, "SH", "")],
        *[(0x0020, 0x0011, "IS", "1"), (0x0020, 0x0013, "IS", "1"), (0x0020, 0x0020, "CS", "")],
        *[(0x0020, 0x0062, "CS", SIDES[shot.eye]), (0x0020, 0x4000, "LT", comment)],
    ]
    region = _codes(0x0008, 0x2218, EYE)
    return (
        b"".join(_text(*one) for one in said)
        + region
        + b"".join(_text(*one, "") for one in blank)
        + b"".join(_text(*one) for one in place)
    )


def _eye(shot: Shot) -> bytes:
    light = [ILLUMINATIONS[shot.illumination]] if shot.illumination else []
    unknown = [_element(0x0022, n, "FL", b"") for n in (0x000A, 0x000B, 0x000C)]
    return b"".join(
        (
            _element(0x0022, 0x0005, "CS", b""),
            *unknown,
            _element(0x0022, 0x000D, "CS", b""),
            _codes(0x0022, 0x0015, SLIT_LAMP),
            _codes(0x0022, 0x0016, *light),
            *(_codes(0x0022, n) for n in (0x0017, 0x0018, 0x0019, 0x001B)),
        )
    )


def _picture(found: Jpeg, size: int) -> bytes:
    numbers = {0x0100: 8, 0x0101: 8, 0x0102: 7, 0x0103: 0}
    ratio = f"{found.rows * found.columns * 3 / size:.2f}"
    return b"".join(
        (
            _number_of(0x0002, 3),
            _text(0x0028, 0x0004, "CS", "YBR_FULL_422"),
            _number_of(0x0006, 0),
            _text(0x0028, 0x0008, "IS", "1"),
            _number_of(0x0010, found.rows),
            _number_of(0x0011, found.columns),
            *(_number_of(element, value) for element, value in numbers.items()),
            _text(0x0028, 0x0301, "CS", "NO"),
            _text(0x0028, 0x2110, "CS", "01"),
            _text(0x0028, 0x2112, "DS", ratio),
            _text(0x0028, 0x2114, "CS", "ISO_10918_1"),
        )
    )


def _pixels(jpeg: bytes) -> bytes:
    """One fragment behind an empty table of offsets; an odd picture gets one byte behind its end."""
    even = jpeg + b"\x00" * (len(jpeg) % 2)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(even)) + even
    ends = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    head = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)
    return head + struct.pack("<HHI", 0xFFFE, 0xE000, 0) + item + ends


def _codes(group: int, element: int, *codes: Code) -> bytes:
    items = b""
    for code in codes:
        said = ((0x0100, "SH", code.value), (0x0102, "SH", code.scheme), (0x0104, "LO", code.meaning))
        inside = b"".join(_text(0x0008, number, vr, value) for number, vr, value in said)
        items += struct.pack("<HHI", 0xFFFE, 0xE000, len(inside)) + inside
    return _element(group, element, "SQ", items)


def _number_of(element: int, value: int) -> bytes:
    return _element(0x0028, element, "US", struct.pack("<H", value))


def _text(group: int, element: int, vr: str, value: str) -> bytes:
    said = value.encode("utf-8")
    filler = b"\x00" if vr == "UI" else b" "
    return _element(group, element, vr, said + filler * (len(said) % 2))


def _element(group: int, element: int, vr: str, value: bytes) -> bytes:
    size = struct.pack("<HI", 0, len(value)) if vr in _LONG else struct.pack("<H", len(value))
    return struct.pack("<HH", group, element) + vr.encode() + size + value


def _number(jpeg: bytes, shot: Shot, what: str) -> int:
    """A number nobody else will have: of the picture and its moment."""
    return int.from_bytes(hashlib.sha256(f"{what} {shot.at.isoformat()} ".encode() + jpeg).digest()[:16], "big")
