"""Columns: the tonometer speaks when Print is pressed, and quiet ends the print-out."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.topcon_ct import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
