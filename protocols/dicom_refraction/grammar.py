"""The words of DICOM that an object of the refractive lane needs: classes, syntaxes, codes, and how large one may be.

Sources: DICOM PS3.4 (classes), PS3.5 (transfer syntaxes), PS3.10 (file), PS3.16 CID 4216 (acuity types) as told
by pydicom 3.0.2 and by the machine-readable module tables of highdicom 0.28; docs/wire/dicom_refraction.md.
"""

import re

DIALECT = "dicom_refraction"

LENSOMETRY = "1.2.840.10008.5.1.4.1.1.78.1"
AUTOREFRACTION = "1.2.840.10008.5.1.4.1.1.78.2"
KERATOMETRY = "1.2.840.10008.5.1.4.1.1.78.3"
SUBJECTIVE = "1.2.840.10008.5.1.4.1.1.78.4"
ACUITY = "1.2.840.10008.5.1.4.1.1.78.5"
MODALITIES = {LENSOMETRY: "LEN", AUTOREFRACTION: "AR", KERATOMETRY: "KER", SUBJECTIVE: "SRF", ACUITY: "VA"}

EXPLICIT = "1.2.840.10008.1.2.1"
# Implicit representation, little end first. Every other syntax is compressed, and nothing here needs to be.
SYNTAXES = {"1.2.840.10008.1.2": (True, True), EXPLICIT: (False, True), "1.2.840.10008.1.2.2": (False, False)}

PREFIX_AT = 128
PREFIX = b"DICM"
# An object begins 128 bytes before this: the prefix and the first attribute of the file's own group.
FILE_BEGINS = re.compile(rb"DICM(?=\x02\x00[\x00-\x10]\x00[A-Z]{2})")
# Without preamble: the file's own group, or the group that begins every data set.
BARE = re.compile(rb"\x02\x00[\x00-\x10]\x00[A-Z]{2}|\x08\x00[\x00-\x60]\x00(?:[A-Z]{2}|[\x00-\x40]\x00\x00\x00)")

# A refractive object is two or three kilobytes; with everything a maker may add in private, some tens.
MAX_OBJECT = 1 << 18
# A file has no end mark. A folder hands over whole files; on a wire, this much quiet (seconds) ends one.
PAUSE = 1.0

# Visual acuity type: CID 4216, with the SNOMED-RT identifiers that older software writes. Autorefraction
# (111685), prescription (111687), glare and potential acuity have no word of ours and stay in ``extra``.
ACUITY_TYPES = {
    ("SCT", "420050001"): "unaided",
    ("SRT", "F-04D53"): "unaided",
    ("DCM", "111686"): "habitual",
    ("SCT", "419775003"): "corrected",
    ("SRT", "F-04D54"): "corrected",
    ("SCT", "419475002"): "pinhole",
    ("SRT", "F-04D55"): "pinhole",
}
ACUITY_MEANINGS = {
    "unaided": ("420050001", "SCT", "Uncorrected Visual Acuity"),
    "habitual": ("111686", "DCM", "Habitual Visual Acuity"),
    "corrected": ("419775003", "SCT", "Best Corrected Visual Acuity"),
    "pinhole": ("419475002", "SCT", "Pinhole Visual Acuity"),
}
DISTANCES = {"DISTANCE": "far", "NEAR": "near"}
UNKNOWN = "unknown"  # what is written where the standard wants a text and the instrument gave none
