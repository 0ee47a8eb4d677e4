"""What the readers of the classifications hand on."""

from typing import Any, NamedTuple

from protocols.readings import Reading
from protocols.xml import Margin


class Found(NamedTuple):
    """A reading without its heading: its kind, its own keys and its own margin."""

    kind: type[Reading]
    keys: dict[str, Any]
    margin: Margin
