"""2WIN: takes the files it writes, a line an exam."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.twowin import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
