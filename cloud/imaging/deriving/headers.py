"""A DICOM object's header as rows for a person. No pixels; what is binary is said by its length."""

from pathlib import Path
from typing import Any

from protocols.dicom.headers import read


def rows(path: Path) -> list[dict[str, Any]]:
    """Every attribute in the file's order, ``depth`` sequences deep: tag, keyword, vr, text."""
    with path.open("rb") as file:
        return [one._asdict() for one in read(file)]
