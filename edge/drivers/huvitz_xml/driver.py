"""Huvitz and Righton: every file in the folder is one print-out."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.huvitz_xml import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
