"""The bytes of an export: head, fundus, B-scans with three lines each. Thickness is a double hump, as nerves are."""

import math
import random
import struct
from datetime import UTC, datetime

COLUMNS, ROWS, FUNDUS = 768, 32, 16
SCALE_Z = 0.0038717
SEGMENTS_AT = 256
NOT_FOUND = 3.4028234663852886e38
CIRCLE, VOLUME = 2, 3
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def thickness_um(place: float) -> float:
    """Micrometres at a place on the circle: 0 temporal, 90 superior, 180 nasal, 270 inferior."""
    return 95 - 35 * math.cos(math.radians(2 * place)) + 5 * math.sin(math.radians(place))


def exported(
    *,
    eye: str = "OD",
    pattern: int = CIRCLE,
    scans: int = 1,
    columns: int = COLUMNS,
    um: float | None = None,
    lost: int = 0,
    start_deg: float = 0.0,
    patient_id: str = "Study-17",
    seed: int | str = 0,
) -> bytes:
    """``um`` makes the layer everywhere as thick; ``lost`` columns at the start were not found."""
    luck = random.Random(f"{seed}")  # noqa: S311 - the noise of a picture
    header = SEGMENTS_AT + 3 * 4 * columns
    head = _head(eye, pattern, scans, columns, header, patient_id)
    fundus = luck.randbytes(FUNDUS * FUNDUS)
    return head + fundus + b"".join(_scan(eye, columns, header, um, lost, start_deg) for _ in range(scans))


def _head(eye: str, pattern: int, scans: int, columns: int, header: int, patient_id: str) -> bytes:
    ticks = int((datetime(2011, 11, 9, 11, 57, 56, tzinfo=UTC) - _EPOCH).total_seconds()) * 10**7
    out = bytearray(2048)
    struct.pack_into("<12s3I3d", out, 0, b"HSF-OCT-103\0", columns, scans, ROWS, 0.01789, 0.24, SCALE_Z)
    struct.pack_into("<2I2dId", out, 48, FUNDUS, FUNDUS, 0.0115, 0.0115, 30, -1.75)
    struct.pack_into("<4sQiI", out, 84, eye.encode(), ticks, pattern, header)
    struct.pack_into("<16s16sI24sd", out, 104, b"EX-1", b"", 17, patient_id.encode(), 29334.0)
    struct.pack_into("<I24sd", out, 172, 1, b"V-1", 40856.538287)
    struct.pack_into("<34s", out, 224, b"RNFL")
    return bytes(out)


def _scan(eye: str, columns: int, header: int, um: float | None, lost: int, start_deg: float) -> bytes:
    """A circle whose start is temporal of its centre: left of it on the picture of a right eye."""
    away = 1.7 * math.cos(math.radians(start_deg)), -1.7 * math.sin(math.radians(start_deg))
    start = (5.0 + (-away[0] if eye == "OD" else away[0]), 5.0 + away[1])
    head = struct.pack(
        "<12sI4d2IfI6f", b"HSF-BS-103\0\0", header, *start, 5.0, 5.0, 3, SEGMENTS_AT, 24.4, 0, *[0.0] * 6
    )
    places = [(start_deg + 360 * at / columns) % 360 for at in range(columns)]
    depths = [(thickness_um(place) if um is None else um) / 1000 / SCALE_Z for place in places]
    inner = [NOT_FOUND if at < lost else 100.0 for at in range(columns)]
    outer = [100.0 + depth for depth in depths]
    bottom = [180.0] * columns
    lines = b"".join(struct.pack(f"<{columns}f", *line) for line in (inner, bottom, outer))
    return head.ljust(SEGMENTS_AT, b"\0") + lines + bytes(4 * columns * ROWS)
