"""A volume in Heidelberg's .E2E, put together by the definitions of the library that reads it: no real file is ours.

It proves that the reader reads what it describes and that we show it, not that Heidelberg writes it so.
"""

import struct

from eyepy.io.he.e2e_format import (
    ContainerHeader,
    FolderHeader,
    Header,
    TypesEnum,
    Version,
    containerheader_format,
    folderheader_format,
    header_format,
    version_format,
)

LATERALITY, SCAN, LAYER, IMAGE, MODALITY = 11, 10004, 10019, 1 << 30, 9007
SLO, BSCAN = 33620481, 35652097
BRIGHT, DARK = 62 << 10, 50 << 10  # 2 to the power of -1 and of -13


def e2e(slices=4, rows=24, columns=32, eye="R"):
    """Slices with a bright band that sinks by a row from one to the next."""
    parts = [(-1, 0, LATERALITY, bytes(14) + eye.encode()), (-1, 0, MODALITY, _texts("Infra-Red", "IR"))]
    parts.append((-1, 0, IMAGE, _image(SLO, 16, 16, bytes(range(256)), 1)))
    for number in range(slices):
        parts += [
            (2 * number, 0, SCAN, _scan(number, slices, rows, columns)),
            (2 * number, 0, LAYER, struct.pack("<5I", 0, 0, 0, columns, 0) + _floats([8.0 + number] * columns)),
            (2 * number, 1, IMAGE, _image(BSCAN, rows, columns, _band(rows, columns, 8 + number), 2)),
        ]
    return _filed(parts)


def _band(rows, columns, at):
    return b"".join(struct.pack("<H", BRIGHT if row == at else DARK) * columns for row in range(rows))


def _texts(*words):
    said = b"".join(word.encode("utf-16le").ljust(256, b"\0") for word in words)
    return struct.pack("<2I", len(words), 256) + said


def _image(kind, rows, columns, data, each):
    return struct.pack("<5I", len(data), kind, len(data) // each, rows, columns) + data


def _floats(values):
    return struct.pack(f"<{len(values)}f", *values)


def _scan(number, slices, rows, columns):
    y = 5.0 - number
    head = struct.pack("<3I", 0, rows, columns) + _floats([-5.0, y, 5.0, y]) + bytes(4) + _floats([0.0, 0.0039, 0.0])
    head += bytes(4) + _floats([0.0, 0.0]) + struct.pack("<5I", 0, columns, slices, number, 3) + _floats([0.0, y])
    return (head + struct.pack("<IQI", 0, 130_000_000_000_000_000, 1) + _floats([0.84, 0.0])).ljust(428, b"\0")


def _filed(parts):
    """Version, header, one chunk of folders, and what they point at."""
    at = version_format.sizeof() + 2 * header_format.sizeof() + len(parts) * folderheader_format.sizeof()
    folders, held = b"", b""
    for slice_id, ind, kind, data in parts:
        start = at + len(held)
        whose = {
            "patient_id": 1,
            "study_id": 1,
            "series_id": 1,
            "slice_id": slice_id,
            "ind": ind,
            "type": TypesEnum(kind),
        }
        folders += folderheader_format.build(
            FolderHeader(pos=0, start=start, size=len(data), unknown0=0, unknown1=0, unknown3=0, **whose)
        )
        magic = {"magic3": "MDbData", "unknown0": 0, "unknown1": 0, "unknown2": 0, "unknown3": 0}
        held += containerheader_format.build(ContainerHeader(header_pos=0, pos=start, size=len(data), **magic, **whose))
        held += data
    head = {"version": 100, "unknown0": [0] * 10, "unknown1": 0, "prev": 0}
    said = version_format.build(Version(name="CMDb", version=100, unknown0=[0] * 10))
    said += header_format.build(Header(magic2="MDbMDir", num_entries=0, current=0, **head))
    said += header_format.build(Header(magic2="MDbDir", num_entries=len(parts), current=0, **head))
    return said + folders + held
