"""The record in words: a value in the trade's notation, and where it came from. Shown only, never stored."""

from cloud.clinic.wording.figures import (
    NO_VALUE_WORDS,
    aligned,
    also,
    choice_words,
    diagnosis,
    doubtful,
    drawn_of,
    known,
    missing,
    shown,
)
from cloud.clinic.wording.origins import LATE, Mark, Sources, is_late, provenance

__all__ = [
    "LATE",
    "NO_VALUE_WORDS",
    "Mark",
    "Sources",
    "aligned",
    "also",
    "choice_words",
    "diagnosis",
    "doubtful",
    "drawn_of",
    "is_late",
    "known",
    "missing",
    "provenance",
    "shown",
]
