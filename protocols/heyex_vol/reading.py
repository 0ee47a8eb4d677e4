"""What a .vol file gives: a reading of the scan itself, and thickness where it is a circle around the disc."""

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from protocols.framing import Unread
from protocols.heyex_vol.circle import DIRECTION, INNER, OUTER, Circle, segmentation, thickness
from protocols.heyex_vol.head import SIZE, Head, Scan, head, scan
from protocols.labelled import Heading
from protocols.readings import Blob, Image, Oct, OctEye, PatientRef, Reading

MEDIA_TYPE = "application/x-heyex-vol"
Piece = Callable[[int, int], bytes]
_PIECE = 1 << 20


def of_file(path: Path, about: Mapping[str, str]) -> list[Reading]:
    """A file of any size: only heads are read. ``about`` knows its digest. Raises Unread or OSError."""
    with path.open("rb") as file:

        def piece(at: int, length: int) -> bytes:
            file.seek(at)
            return file.read(length)

        blob = Blob(sha256=about["sha256"], bytes=int(about["bytes"]), media_type=about["media_type"])
        return list(_readings(piece, blob, piece(0, SIZE)))


def readings(piece: Piece, size: int, raw: bytes) -> tuple[Reading, ...]:
    """A file that lies in memory. Raises Unread."""
    return _readings(piece, Blob(sha256=hashlib.sha256(raw).hexdigest(), bytes=size, media_type=MEDIA_TYPE), raw)


def _readings(piece: Piece, blob: Blob, raw: bytes) -> tuple[Reading, ...]:
    found = head(piece(0, SIZE))
    heading = _heading(found, raw)
    if blob.bytes != found.whole:
        heading.note("volume_incomplete", "The file is not as long as its head says; no thickness was read from it.")
    picture = _picture(found, heading, blob)
    circle = _circle(piece, found) if found.pattern == "circle" and blob.bytes == found.whole else None
    return (picture,) if circle is None else (picture, _oct(found, _heading(found, raw), *circle))


def _heading(found: Head, raw: bytes) -> Heading:
    heading = Heading(raw, "heyex_vol", maker="Heidelberg Engineering", model="Spectralis")
    heading.firmware = found.version or None
    heading.measured_at = found.exam_at.isoformat() if found.exam_at else None
    who = PatientRef(id=found.patient_id or None, birth_date=found.birth_date)
    heading.patient_ref = who if who != PatientRef() else None
    if found.visit_at:
        heading.keep("visit_at", found.visit_at.isoformat())
        heading.note("time_zones", "The scan's time is UTC; that of the visit beside it is the computer's own clock.")
    heading.keep("scan_pattern", found.pattern)
    return heading


def _picture(found: Head, heading: Heading, blob: Blob) -> Image:
    scales = {"x_mm": found.scale_x_mm, "z_mm": found.scale_z_mm, "between_scans_mm": found.distance_mm}
    heading.keep("scale", {name: str(Decimal(str(value))) for name, value in scales.items()})
    heading.keep("focus_d", str(Decimal(str(round(found.focus_d, 4)))))
    heading.keep("field_deg", found.field_deg)
    return Image(
        **heading.keys(),
        blob=blob,
        modality="OPT",
        laterality=found.eye,
        view=found.pattern,
        frames=found.scans,
        rows=found.rows,
        columns=found.columns,
    )


def _circle(piece: Piece, found: Head) -> tuple[Circle, Scan] | None:
    raw = piece(found.first_scan, found.scan_head)
    try:
        first = scan(raw)
    except Unread:
        return None
    lines = segmentation(raw, found, first)
    if len(lines) <= OUTER:
        return None
    circle = thickness(found, first, lines)
    return (circle, first) if circle.rnfl_um else None


def _oct(found: Head, heading: Heading, circle: Circle, first: Scan) -> Oct:
    heading.note(
        "computed", f"Thickness is computed from lines {INNER + 1} and {OUTER + 1} of the file's segmentation."
    )
    if circle.start_deg is None:
        heading.note("sectors_unknown", "The circle does not start on the temporal side, so no sector can be named.")
    else:
        turn = {"start_deg": f"{circle.start_deg:.1f}", "direction": DIRECTION[found.eye]}
        heading.keep("circle", turn)
    quality = Decimal(str(round(first.quality, 1))) if 0 <= first.quality < 100 else None
    eye: dict[str, Any] = {found.eye: OctEye(rnfl_um=circle.rnfl_um, signal_strength=quality)}
    return Oct(**heading.keys(), scan="RNFL circle", **eye)
