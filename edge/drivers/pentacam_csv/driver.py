"""Pentacam: takes the tables that the software exports; a row is an examination of one eye."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.pentacam_csv import Decoder


class Driver(Listener):
    """One exporting computer; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
