"""DGH 550: takes a line of digits when one comes."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.dgh import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
