"""Heidelberg raw exports: each file is taken over whole and read by the room for pictures."""

from collections.abc import Mapping

from edge.drivers.filed import Filing
from protocols.heyex_vol import DIALECT, MEDIA_TYPE


class Driver(Filing):
    """One exporting computer; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(DIALECT, MEDIA_TYPE, "Heidelberg Engineering")
