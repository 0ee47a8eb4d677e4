"""A figure a line: the autorefractor speaks when Print is pressed."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.topcon_rm import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
