"""DICOM objects: the values of a file, read from disk without its pixels."""

from collections.abc import Mapping
from pathlib import Path

from edge.imaging.filling import blob_of
from protocols.dicom import opened, readings
from protocols.readings import Integrity, Reading


def read(path: Path, about: Mapping[str, str]) -> list[Reading]:
    """The picture or document, then what was measured. Raises Unread, OSError."""
    integrity = Integrity(checksum="none", raw_sha256=about["sha256"])
    with path.open("rb") as file:
        return readings(opened(file), integrity, blob_of(about))
