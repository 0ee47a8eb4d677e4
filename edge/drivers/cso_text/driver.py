"""CSO raw text: a file a map; ``true_is`` says which eye the file means by True."""

from collections.abc import Mapping
from typing import Any

from edge.drivers.listener import Listener
from protocols.cso_text import Decoder


class Driver(Listener):
    """One exporting computer. Raises ValueError for an eye there is not."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        eye: Any = settings.get("true_is")
        if eye not in (None, "right", "left"):
            raise ValueError("true_is must be right or left")
        super().__init__(lambda: Decoder(eye))
