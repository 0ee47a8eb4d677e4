"""XML as instruments write it: bytes to a tree, safely, in whatever encoding; and documents gathered from a wire."""

from protocols.xml.figures import figure, whole_number
from protocols.xml.gathering import Documents, decode
from protocols.xml.margin import Margin
from protocols.xml.reading import Document, read
from protocols.xml.tree import Element

__all__ = ["Document", "Documents", "Element", "Margin", "decode", "figure", "read", "whole_number"]
