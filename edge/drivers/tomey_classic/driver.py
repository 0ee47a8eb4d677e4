"""Fixed columns: the instrument speaks when Print is pressed; EOT or quiet ends the print-out."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.tomey_classic import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
