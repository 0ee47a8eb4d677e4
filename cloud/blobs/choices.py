"""Words of the room that keeps blobs."""

from enum import StrEnum


class Stand(StrEnum):
    """Where an upload stands. Once the gateway was told that it is KEPT or REFUSED, the row goes."""

    ARRIVING = "arriving"
    KEPT = "kept"
    REFUSED = "refused"
