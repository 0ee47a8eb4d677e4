"""A map as TOML: read, and refused in sentences."""

import tomllib
from typing import Any

import msgspec

from protocols.envelope.table_map import TableMap
from protocols.mapped_table.checking import faults


class BadMap(ValueError):
    """A map that cannot be followed; ``sentences`` say all that is wrong with it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


def map_of(said: str | dict[str, Any]) -> TableMap:
    """A map from the text of its file, or from a table of the gateway's own file. Raises BadMap."""
    try:
        drawn = msgspec.convert(tomllib.loads(said) if isinstance(said, str) else said, TableMap)
    except tomllib.TOMLDecodeError as refusal:
        raise BadMap(f"it is not TOML: {refusal}") from None
    except msgspec.ValidationError as refusal:
        raise BadMap(str(refusal).replace("Object", "the map").replace("`$", "`map")) from None
    if wrong := faults(drawn):
        raise BadMap(*wrong)
    return drawn
