"""Keeler TonoCare: takes the text of its printer; only the quiet says that it is over."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.keeler import Decoder


class Driver(Listener):
    """One instrument; it has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
