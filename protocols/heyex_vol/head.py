"""The head of 2048 bytes and the head of each B-scan; little-endian. Layout: a reader that works, and one real file."""

import math
import struct
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from protocols.framing import Unread

SIZE = 2048
MAGIC = b"HSF-OCT-"
INVALID = 3.0e38  # the greatest float marks what was not found
_HEAD = struct.Struct("<12s3I3d2I2dId4sQiI16s16sI24sdI24sd4I34s")
_SCAN = struct.Struct("<12sI4d2IfI6f")
_EPOCH, _DAY_ONE = datetime(1601, 1, 1, tzinfo=UTC), datetime(1899, 12, 30)
_MOST, _MOST_SEGMENTS, _LARGEST_SCAN_HEAD = 16_384, 32, 1 << 20
_EYES: dict[bytes, Literal["right", "left"]] = {b"OD": "right", b"OS": "left"}
PATTERNS = {1: "line", 2: "circle", 3: "volume", 4: "fast volume", 5: "radial"}


class Head(NamedTuple):
    """What the first 2048 bytes say; millimetres, dioptres, degrees."""

    version: str
    columns: int
    scans: int
    rows: int
    scale_x_mm: float
    distance_mm: float
    scale_z_mm: float
    slo_columns: int
    slo_rows: int
    field_deg: int
    focus_d: float
    eye: Literal["right", "left"]
    exam_at: datetime | None
    visit_at: datetime | None
    pattern: str
    scan_head: int
    patient_id: str
    birth_date: str | None

    @property
    def first_scan(self) -> int:
        """Where the first B-scan begins: behind the picture of the fundus."""
        return SIZE + self.slo_columns * self.slo_rows

    @property
    def scan_bytes(self) -> int:
        """One B-scan: its head and its pixels, four bytes each."""
        return self.scan_head + 4 * self.columns * self.rows

    @property
    def whole(self) -> int:
        """How long a file with this head is."""
        return self.first_scan + self.scans * self.scan_bytes


class Scan(NamedTuple):
    """The head of one B-scan; a circle's ``end`` is its centre. ``quality`` in dB."""

    start: tuple[float, float]
    end: tuple[float, float]
    segments: int
    offset: int
    quality: float


def head(raw: bytes) -> Head:
    """Raises Unread where these bytes are no such head."""
    if len(raw) < SIZE:
        raise Unread("The head of a .vol file is 2048 bytes long; the file is shorter.", len(raw))
    said = _HEAD.unpack_from(raw)
    eye = _EYES.get(said[13].rstrip(b"\x00 "))
    if eye is None:
        raise Unread("The head names neither OD nor OS as the eye.", 84)
    columns, scans, rows, slo_columns, slo_rows, scan_head = *said[1:4], said[7], said[8], said[16]
    sizes = (columns, scans, rows, slo_columns, slo_rows)
    if not all(0 < size <= _MOST for size in sizes) or not 256 <= scan_head <= _LARGEST_SCAN_HEAD:
        raise Unread("The head gives sizes that no scan has.", 12)
    if not all(map(math.isfinite, (*said[4:7], said[12]))) or not 0 < said[6] < 1:
        raise Unread("The head gives scales that no scan has.", 24)
    return Head(
        version=_text(said[0]),
        columns=columns,
        scans=scans,
        rows=rows,
        scale_x_mm=said[4],
        distance_mm=said[5],
        scale_z_mm=said[6],
        slo_columns=slo_columns,
        slo_rows=slo_rows,
        field_deg=said[11],
        focus_d=said[12],
        eye=eye,
        exam_at=_filetime(said[14]),
        visit_at=_day(said[24]),
        pattern=PATTERNS.get(said[15], f"pattern {said[15]}"),
        scan_head=scan_head,
        patient_id=_text(said[20]),
        birth_date=_date(said[21]),
    )


def scan(raw: bytes) -> Scan:
    """The head of a B-scan. Raises Unread."""
    if len(raw) < _SCAN.size:
        raise Unread("A B-scan breaks off in its head.")
    _, _, start_x, start_y, end_x, end_y, segments, offset, quality, *_ = _SCAN.unpack_from(raw)
    places = (start_x, start_y, end_x, end_y)
    if segments > _MOST_SEGMENTS or offset > _LARGEST_SCAN_HEAD or not all(map(math.isfinite, places)):
        raise Unread("The head of a B-scan gives figures that no scan has.")
    return Scan((start_x, start_y), (end_x, end_y), segments, offset, quality)


def _text(said: bytes) -> str:
    text = said.partition(b"\x00")[0].decode("latin-1").strip()
    return text if text.isprintable() else ""


def _filetime(ticks: int) -> datetime | None:
    """100 ns since 1601, UTC."""
    try:
        return (_EPOCH + timedelta(microseconds=ticks // 10)).replace(microsecond=0) if ticks else None
    except OverflowError:
        return None


def _day(days: float) -> datetime | None:
    """Days since the end of 1899, in the clock of the computer."""
    try:
        return (_DAY_ONE + timedelta(seconds=round(days * 86_400))) if days else None
    except (OverflowError, ValueError):
        return None


def _date(days: float) -> str | None:
    found = _day(days)
    return f"{found:%Y-%m-%d}" if found and 1900 <= found.year < 2100 else None
