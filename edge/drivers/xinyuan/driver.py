"""Xinyuan and Unicos: takes what comes; only the quiet says that a print-out is over."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.xinyuan import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
