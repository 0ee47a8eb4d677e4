"""Files in a watched folder: each is taken over whole and read by the room for pictures, as one that was sent is."""

from collections.abc import Mapping
from pathlib import Path

from edge.drivers.filed import Filed, Filing, Take
from protocols.dicom.grammar import DIALECT, MEDIA_TYPE


class Driver(Filing):
    """One exporting program; it has no settings of its own. Who made the device stands in its objects."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(DIALECT, MEDIA_TYPE, "")

    async def taken(self, path: Path, emit: Take) -> None:
        """One file, durable when this returns."""
        await emit(Filed(path, MEDIA_TYPE, DIALECT))
