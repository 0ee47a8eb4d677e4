"""What a JPEG says of itself, refused as a dialect refuses."""

from protocols import pictures
from protocols.framing import Unread
from protocols.pictures import BEGINS, Damaged, Jpeg, completed

__all__ = ["BEGINS", "Jpeg", "completed", "facts"]


def facts(data: bytes) -> Jpeg:
    """The facts of a whole JPEG. Raises Unread for what is none, is cut off or has no size."""
    try:
        return pictures.facts(data)
    except Damaged as damage:
        raise Unread(damage.why, damage.offset) from None
