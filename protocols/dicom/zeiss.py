"""Zeiss' private group 771B: what an IOLMaster 500 puts into its screen pages and a 700 into its reports.

Source: the conformance statements of IOLMaster 500 7.1 and 7.5 and of IOLMaster 700 1.90, two real files.
See docs/wire/dicom.md.
"""

from decimal import Decimal
from typing import Any

from protocols.dicom.block import Block, Field
from protocols.dicom.grammar import LETTERS, SIDES, Laterality, Side
from protocols.dicom.level import Level
from protocols.readings import AxialReading, BiometryEye, Meridian

GROUP, CREATOR = 0x771B, "99CZM"
_SEQUENCES = {
    0x01: "formulas",
    0x02: "measured",
    0x03: "lenses",
    0x05: "choices",
    0x30: "axial_lengths",
    0x31: "axial_length_shots",
    0x32: "keratometries",
    0x33: "keratometry_shots",
    0x34: "anterior_chambers",
    0x35: "white_to_whites",
    0x36: "module_formulas",
    0x37: "haigis_l",
    0x3B: "white_to_white_shots",
}
_TEXTS = {
    0x04: ("type", "CS"),
    0x06: ("name", "LO"),
    0x08: ("laterality", "CS"),
    0x09: ("formula", "LO"),
    0x0A: ("lens", "LO"),
    0x25: ("status", "IS"),
    0x2C: ("surgeon", "LO"),
    0x2D: ("warning", "LO"),
    0x2E: ("surgical_eye", "IS"),
    0x45: ("axial_length_modified", "CS"),
    0x46: ("keratometry_modified", "CS"),
    0x48: ("acd_modified", "CS"),
    0x5B: ("white_to_white_modified", "CS"),
    0x5D: ("lens_thickness_modified", "CS"),
}
_NUMBERS = {
    0x07: "constants",
    0x0B: "axial_length_mm",
    0x0C: "snr",
    0x0D: "number",
    0x0E: "mean_mm",
    0x0F: "r1_mm",
    0x10: "r2_mm",
    0x11: "d1",
    0x12: "d2",
    0x16: "index",
    0x17: "quality",
    0x1D: "white_to_white_mm",
    0x20: "k1",
    0x21: "k2",
    0x22: "se",
    0x24: "index",
    0x26: "acd_mm",
    0x27: "visual_acuity",
    0x2A: "iol_power",
    0x2B: "emmetropia_iol",
    0x2F: "vertex_mm",
    0x40: "sphere",
    0x41: "refraction_cylinder",
    0x42: "refraction_axis",
    0x43: "mean_axial_length_mm",
    0x44: "mean_snr",
    0x49: "mean_r1_mm",
    0x4A: "mean_d1",
    0x4C: "mean_r2_mm",
    0x4D: "mean_d2",
    0x5A: "white_to_white_mm",
    0x5C: "lens_thickness_mm",
    0x5F: "age",
    **{0x18 + at: f"number_{at + 1}" for at in range(5)},
    **{0x38 + at: f"phakic_{at + 1}" for at in range(3)},
    **{0x50 + at: f"pupil_{at + 1}" for at in range(3)},
    **{0x60 + at: f"toric_{at + 1}" for at in range(6)},
}
# Zero is a value here: plano, a horizontal meridian, a target of emmetropia, a place.
_ZERO_COUNTS = {
    0x13: "a1",
    0x14: "a2",
    0x15: "cylinder",
    0x1E: "fixation_x",
    0x1F: "fixation_y",
    0x28: "refraction",
    0x29: "target_refraction",
    0x4B: "mean_a1",
    0x4E: "mean_a2",
    0x4F: "mean_cylinder",
}
FIELDS: dict[int, Field] = (
    {at: Field(name, "SQ") for at, name in _SEQUENCES.items()}
    | {at: Field(name, vr, zero_counts=True) for at, (name, vr) in _TEXTS.items()}
    | {at: Field(name) for at, name in _NUMBERS.items()}
    | {at: Field(name, zero_counts=True) for at, name in _ZERO_COUNTS.items()}
)

_MODIFIED = (0x45, 0x46, 0x48, 0x5B, 0x5D)


def block(root: Level) -> Block:
    """The block of an object; empty where there is none."""
    return Block(root, GROUP, CREATOR, FIELDS)


def laterality(root: Level) -> Laterality | None:
    """The eye of a report, which has no attribute of its own for it in older software."""
    return LETTERS.get(block(root).text(0x08) or "")


def eyes(found: Block) -> dict[Side, BiometryEye]:
    """What was measured of each eye, out of the sequences of single measurements and the ones a formula used."""
    measured = {side: _eye(found, side) for side in SIDES}
    return {side: eye for side, eye in measured.items() if eye != BiometryEye()}


def calculations(found: Block) -> dict[str, Any]:
    """Formulas, constants and proposed lenses as they stand in the object: never computed again here."""
    return found.rest()


def _eye(found: Block, side: Side) -> BiometryEye:
    axial, cornea, chamber, width = (_of_side(found, at, side) for at in (0x30, 0x32, 0x34, 0x35))
    used = _used(found, side) or (found if _is_of(found, found, side) else None)
    if any(one and one.text(at) == "YES" for one in (axial, cornea, chamber, width, used) for at in _MODIFIED):
        found.note("entered_by_hand", "A value was entered or changed by hand at the instrument.")
    return BiometryEye(
        axial_length_mm=_first((axial, 0x43), (axial, 0x0B), (used, 0x0B)),
        **_chamber(_first((chamber, 0x0E), (chamber, 0x26), (used, 0x26))),
        lens_thickness_mm=_first((used, 0x5C)),
        white_to_white_mm=_first((width, 0x0E), (width, 0x5A), (width, 0x1D), (used, 0x5A), (used, 0x1D)),
        k1=_meridian(cornea, (0x49, 0x4A, 0x4B)) or _meridian(used, (0x0F, 0x11, 0x13)),
        k2=_meridian(cornea, (0x4C, 0x4D, 0x4E)) or _meridian(used, (0x10, 0x12, 0x14)),
        k_index=_first((cornea, 0x16), (cornea, 0x24), (used, 0x24)),
        snr=_first((axial, 0x44)),
        readings=_shots(axial),
    )


def _of_side(found: Block, at: int, side: Side) -> Block | None:
    return next((one for one in found.items(at) if _is_of(one, found, side)), None)


def _is_of(one: Block, found: Block, side: Side) -> bool:
    """An item that names no eye belongs to the eye of the object."""
    return LETTERS.get(one.text(0x08) or found.text(0x08) or "") == side


def _used(found: Block, side: Side) -> Block | None:
    """The measurements that the formulas (or the lenses) of this eye were given."""
    for at in (0x01, 0x36):
        if formula := _of_side(found, at, side):
            return next(iter(formula.items(0x02)), None)
    return None


def _chamber(depth: Decimal | None) -> dict[str, Any]:
    """Zeiss measures from the corneal epithelium to the lens."""
    return {"acd_mm": depth, "acd_from": "epithelium"} if depth else {}


def _meridian(found: Block | None, at: tuple[int, int, int]) -> Meridian | None:
    if found is None or not (found.measured(at[0]) or found.measured(at[1])):
        return None
    return Meridian(radius_mm=found.measured(at[0]), power_d=found.measured(at[1]), axis=found.axis(at[2]))


def _shots(axial: Block | None) -> tuple[AxialReading, ...]:
    """Every single shot that has a length, in the order of the object."""
    shots = axial.items(0x31) if axial else []
    return tuple(
        AxialReading(axial_length_mm=shot.measured(0x0B), snr=shot.measured(0x0C))
        for shot in shots
        if shot.measured(0x0B)
    )


def _first(*places: tuple[Block | None, int]) -> Decimal | None:
    found = (one.measured(at) for one, at in places if one is not None)
    return next((value for value in found if value), None)
