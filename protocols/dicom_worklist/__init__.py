"""The modality worklist (PS3.4 annex K): which items a device's query means, and the answer it understands."""

from protocols.dicom_worklist.answer import Charset, Unknowable, charset, encodable
from protocols.dicom_worklist.listing import Station, answers
from protocols.dicom_worklist.matching import (
    date_matches,
    name_matches,
    text_matches,
    time_matches,
    uid_matches,
)

__all__ = [
    "Charset",
    "Station",
    "Unknowable",
    "answers",
    "charset",
    "date_matches",
    "encodable",
    "name_matches",
    "text_matches",
    "time_matches",
    "uid_matches",
]
