"""MYAH and Aladdin: takes the XML that the software exports."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.topcon_polar import Decoder


class Driver(Listener):
    """One exporting computer; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
