"""The words of DICOM this room reads: classes, how sides and statuses are coded, how large anything may be.

Sources: DICOM PS3.4, PS3.16 context groups 4231-4233, 4239, 4243, 4250, 4251, 4254, 4257 as told by pydicom 3.0.2, the
conformance statements of IOLMaster 500 and 700; docs/wire/dicom.md.
"""

from typing import Literal

from pydicom.datadict import tag_for_keyword
from pydicom.tag import Tag

DIALECT = "dicom"
MEDIA_TYPE = "application/dicom"
UNKNOWN = "unknown"

_STORAGE = "1.2.840.10008.5.1.4.1.1."
AXIAL = _STORAGE + "78.7"
LENS_CALCULATIONS = _STORAGE + "78.8"
KERATOMETRY = _STORAGE + "78.3"
REFRACTIVE = frozenset(_STORAGE + suffix for suffix in ("78.1", "78.2", "78.3", "78.4", "78.5"))
PERIMETRY = _STORAGE + "80.1"
TOPOGRAPHY = _STORAGE + "82.1"
THICKNESS_MAP = _STORAGE + "81.1"
ENCAPSULATED_PDF = _STORAGE + "104.1"
SPECTACLE_REPORT = _STORAGE + "78.6"
MACULAR_GRID = _STORAGE + "79.1"
REPORTS = frozenset(
    {SPECTACLE_REPORT, MACULAR_GRID, *(_STORAGE + suffix for suffix in ("88.11", "88.22", "88.33", "88.34"))}
)
# Pictures even where the header forgot rows and columns: photographs, tomographies, captures, films, maps.
PICTURES = (_STORAGE + "77.1.", _STORAGE + "7", _STORAGE + "7.", THICKNESS_MAP, TOPOGRAPHY)

Side = Literal["right", "left"]
Laterality = Literal["right", "left", "both"]
SIDES: tuple[Side, Side] = ("right", "left")
LETTERS: dict[str, Laterality] = {"R": "right", "L": "left", "B": "both", "OD": "right", "OS": "left", "OU": "both"}
# Laterality as a code: SNOMED CT, and the SNOMED-RT that older software writes.
SIDE_CODES: dict[str, Laterality] = {
    "24028007": "right",
    "7771000": "left",
    "51440002": "both",
    "G-A100": "right",
    "G-A101": "left",
    "G-A102": "both",
    "1290031003": "right",  # structure of right eye proper
    "1290032005": "left",
    "18944008": "right",  # right eye structure
    "8966001": "left",
    "362502000": "right",
    "362503005": "left",
    "40638003": "both",
}

# Where makers write their names of things; anything else they wrote is kept by keyword.
OPHTHALMIC = frozenset({0x0022, 0x0024, 0x0046})
DESCRIPTIVE = frozenset(
    Tag(tag_for_keyword(keyword) or 0)
    for keyword in (
        "ImageType",
        "StudyDescription",
        "SeriesDescription",
        "ProtocolName",
        "DerivationDescription",
        "ImageComments",
        "PerformedProtocolCodeSequence",
        "AnatomicRegionSequence",
        "PrimaryAnatomicStructureSequence",
        "PixelSpacing",
        "BurnedInAnnotation",
        "LossyImageCompressionRatio",
        "RealWorldValueMappingSequence",
        "SOPInstanceUID",
        "PixelValueMappingToCodedConceptSequence",
    )
)

# A message holds 64 KiB and several readings of one file may share it.
MOST_LEFT = 800  # values kept beside the keys, of one object
MOST_LISTED = 64  # items or numbers of one attribute without a key; more are a map or an outline, and only counted
LONGEST_TEXT = 512  # characters of one of them
DEEPEST = 12  # sequences in sequences that are looked into
MOST_ITEMS = 512  # items of one sequence
MOST_LOOKED_INTO = 4000  # items of all sequences of one object
MOST_NOTES = 20
MOST_BYTES = 48 * 1024  # of one reading as JSON; a batch of the uplink holds 64 KiB
