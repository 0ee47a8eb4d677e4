"""Tomey and Rodenstock tonometers: every file in the folder is one patient."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.tomey_top_xml import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
