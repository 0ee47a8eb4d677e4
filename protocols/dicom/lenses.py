"""Intraocular Lens Calculations (78.8): told as they stand, for a surgeon to read; nothing is computed again."""

from typing import Any

from protocols.dicom.grammar import SIDES
from protocols.dicom.level import Level

_NUMBERS = {
    "KeratometerIndex": "index",
    "TargetRefraction": "target_refraction",
    "IOLPowerForExactEmmetropia": "emmetropia_iol",
    "IOLPowerForExactTargetRefraction": "target_iol",
}
_TEXTS = {
    "IOLFormulaDetail": "formula_detail",
    "ImplantName": "lens",
    "IOLManufacturer": "lens_maker",
    "RefractiveProcedureOccurred": "refractive_surgery",
}
# The measurement a calculation was given: the sequence, what it holds, our word.
_GIVEN = {
    "OphthalmicAxialLengthSequence": ("OphthalmicAxialLength", "axial_length_mm"),
    "LensThicknessSequence": ("LensThickness", "lens_thickness_mm"),
    "AnteriorChamberDepthSequence": ("AnteriorChamberDepth", "acd_mm"),
    "CornealSizeSequence": ("CornealSize", "white_to_white_mm"),
}
_POWERS = {"IOLPower": "iol_power", "PredictedRefractiveError": "refraction"}


def calculations(root: Level) -> dict[str, Any]:
    """By eye, one mapping for every formula and lens: ``{"right": [{"formula": "Haigis", "lens": …}]}``."""
    found = {side: _of_side(root, side) for side in SIDES}
    return {side: told for side, told in found.items() if told}


def _of_side(root: Level, side: str) -> list[dict[str, Any]]:
    items = root.items(f"IntraocularLensCalculations{side.capitalize()}EyeSequence")
    return [told for one in items if (told := _calculation(one))]


def _calculation(one: Level) -> dict[str, Any]:
    formula = one.code("IOLFormulaCodeSequence")
    told: dict[str, Any] = {"formula": (formula.meaning or formula.value) if formula else None}
    told |= {word: one.text(keyword) for keyword, word in _TEXTS.items()}
    told |= {word: _text(one, keyword) for keyword, word in _NUMBERS.items()}
    told |= {word: _given(one, sequence, keyword) for sequence, (keyword, word) in _GIVEN.items()}
    told |= {"constants": _constants(one), "choices": _choices(one)}
    told |= {name.lower(): _meridian(one, name) for name in ("Flat", "Steep")}
    return {word: value for word, value in told.items() if value}


def _text(level: Level, keyword: str) -> str | None:
    number = level.number(keyword)
    return str(number) if number is not None else None


def _given(one: Level, sequence: str, keyword: str) -> str | None:
    item = one.item(sequence)
    return _text(item, keyword) if item else None


def _constants(one: Level) -> dict[str, str]:
    found = {}
    for constant in one.items("LensConstantSequence"):
        code, value = constant.code("ConceptNameCodeSequence"), _text(constant, "NumericValue")
        if code and value is not None:
            found[code.meaning or code.value] = value
    return found


def _choices(one: Level) -> list[dict[str, str]]:
    """The lenses proposed and the refraction each is expected to leave; the one marked for implantation says so."""
    found = []
    for power in one.items("IOLPowerSequence"):
        told = {word: text for keyword, word in _POWERS.items() if (text := _text(power, keyword)) is not None}
        part, chosen = power.text("ImplantPartNumber"), power.text("PreSelectedForImplantation")
        found.append(told | ({"part": part} if part else {}) | ({"chosen": chosen} if chosen else {}))
    return [told for told in found if told]


def _meridian(one: Level, name: str) -> dict[str, str] | None:
    item = one.item(f"{name}KeratometricAxisSequence")
    if item is None:
        return None
    words = {"RadiusOfCurvature": "radius_mm", "KeratometricPower": "power_d", "KeratometricAxis": "axis"}
    return {word: text for keyword, word in words.items() if (text := _text(item, keyword)) is not None}
