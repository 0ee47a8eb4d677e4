"""SW-800: takes the text of its print-outs as files."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.suoer import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
