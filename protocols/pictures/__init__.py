"""Forms in which pictures come, whoever made them: a JPEG before its pixels, and a film of JPEGs in an AVI file."""

from protocols.pictures.damaged import Damaged
from protocols.pictures.jpeg import BEGINS, Jpeg, completed, facts

__all__ = ["BEGINS", "Damaged", "Jpeg", "completed", "facts"]
