"""Drawings of the eye: a vocabulary of findings on template diagrams, what was drawn, what it says, and its picture."""

from cloud.web.drawing.drawn import Doodle, Drawing, blank, mirrored, read, write
from cloud.web.drawing.errors import UnreadableDrawing
from cloud.web.drawing.findings import Finding, findings, text
from cloud.web.drawing.picture import picture
from cloud.web.drawing.sheet import Sheet, sheet_of
from cloud.web.drawing.vocabulary import Canvas, Sign, canvas, canvases

__all__ = [
    "Canvas",
    "Doodle",
    "Drawing",
    "Finding",
    "Sheet",
    "Sign",
    "UnreadableDrawing",
    "blank",
    "canvas",
    "canvases",
    "findings",
    "mirrored",
    "picture",
    "read",
    "sheet_of",
    "text",
    "write",
]
