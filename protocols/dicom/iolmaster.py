"""What an IOLMaster 700 adds to standard objects in private groups 1201, 1203 and 1205; 2201 is its own bookkeeping.

Source: the conformance statement of IOLMaster 700 1.90. How single values are written it does not say, except in files
with explicit representation; bytes that do not fit are counted, not guessed.
"""

from protocols.dicom.block import Block, Dictionary, Field
from protocols.dicom.level import Level

_CORNEA = {
    0x01: Field("quality_right", "SQ"),
    0x02: Field("quality_left", "SQ"),
    0x05: Field("sd_keratometry"),
    0x06: Field("quality", "CS"),
    0x07: Field("sd_se"),
    0x08: Field("posterior_right", "SQ"),
    0x09: Field("posterior_left", "SQ"),
    0x0C: Field("radius_mm"),
    0x0D: Field("power_d"),
    0x0E: Field("axis", zero_counts=True),
    0x0F: Field("total_right", "SQ"),
    0x10: Field("total_left", "SQ"),
    0x11: Field("steep", "SQ"),
    0x12: Field("flat", "SQ"),
    0x13: Field("radius_mm"),
    0x14: Field("power_d"),
    0x15: Field("axis", zero_counts=True),
    0x1B: Field("index_1"),
    0x1C: Field("index_2"),
}
_PATIENT = {
    0x01: Field("right", "SQ"),
    0x02: Field("left", "SQ"),
    0x03: Field("refraction", "SQ"),
    0x04: Field("sphere", zero_counts=True),
    0x05: Field("cylinder", zero_counts=True),
    0x06: Field("axis", zero_counts=True),
    0x07: Field("vertex_mm"),
    0x08: Field("acuity", "SQ"),
    0x09: Field("decimal_acuity", zero_counts=True),
    0x0A: Field("surgery", "SQ"),
    0x0B: Field("refractive_surgery", "LO"),
}
_LENGTHS = {0x01: Field("right", "SQ"), 0x02: Field("left", "SQ")}
BLOCKS: dict[str, tuple[int, str, Dictionary]] = {
    "total_keratometry": (0x1201, "99CZM_IOLMaster_ExtendedKeratometryMeasurements", _CORNEA),
    "patient": (0x1203, "99CZM_IOLMaster_ClinicalPatientInformation", _PATIENT),
    "axial_details": (0x1205, "99CZM_IOLMaster_ExtendedOphthalmicAxialMeasurements", _LENGTHS),
}
_INTERNAL = 0x2201, "99CZM_NIM_INTERNAL_01"


def keep(root: Level) -> None:
    """Keep the blocks in words beside the values: total keratometry, the refraction typed in, details of lengths."""
    Block(root, *_INTERNAL, {})  # asked for, so that it is not left over
    for name, (group, creator, fields) in BLOCKS.items():
        if block := Block(root, group, creator, fields):
            root.keep(name, block.rest())
