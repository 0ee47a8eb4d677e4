"""Format 2: the instrument speaks when Print is pressed, and quiet ends the print-out."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.tomey_format2 import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
