"""Bluetooth health devices: every chunk of the link is one measurement; the link does the talking."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.gatt import Decoder


class Driver(Listener):
    """One device. It has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
