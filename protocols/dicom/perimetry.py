"""Visual Field Static Perimetry Measurements (80.1): points, indices, reliability of one eye."""

import re
from decimal import Decimal
from typing import Any

from protocols.dicom.grammar import SIDES
from protocols.dicom.level import Code, Level
from protocols.dicom.sides import laterality
from protocols.readings import FieldPoint, VisualField, VisualFieldEye

# CID 4250.
PATTERNS = {
    "111800": "24-2",
    "111801": "10-2",
    "111802": "30-2",
    "111803": "60-4",
    "111804": "Macula",
    "111805": "Central 40 Point",
    "111806": "Central 76 Point",
    "111807": "Peripheral 60 Point",
    "111808": "Full Field 81 Point",
    "111809": "Full Field 120 Point",
    "111810": "G",
    "111811": "M",
    "111812": "07",
    "111813": "LVC",
    "111814": "Central",
}
# CID 4251.
STRATEGIES = {
    "111815": "SITA-Standard",
    "111816": "SITA-SWAP",
    "111817": "SITA-Fast",
    "111818": "Full Threshold",
    "111819": "FastPac",
    "111820": "Full From Prior",
    "111821": "Optima",
    "111822": "Two-Zone",
    "111823": "Three-Zone",
    "111824": "Quantify-Defects",
    "111825": "TOP",
    "111826": "Dynamic",
    "111827": "Normal",
    "111828": "1-LT",
    "111829": "2-LT",
    "111830": "LVS",
    "111831": "GATE",
    "111832": "GATEi",
    "111833": "2LT-Dynamic",
    "111834": "2LT-Normal",
    "111835": "Fast Threshold",
    "111836": "CLIP",
    "111837": "CLASS",
}
_FIELD_INDEX, _HEMIFIELD = "111852", "111855"
_LETTERS = re.compile(r"[^a-z0-9]")


def perimetry(root: Level) -> list[tuple[type[VisualField], dict[str, Any]]]:
    """One reading; none where the object names no eye (a binocular test has no place among right and left)."""
    side = laterality(root)
    if side not in SIDES:
        root.journal.note(
            "no_eye", "The visual field does not say of which eye it is; its values are kept as they came."
        )
        return []
    return [(VisualField, _test(root) | {side: _eye(root)})]


def _test(root: Level) -> dict[str, Any]:
    """Pattern and strategy by their codes. What is coded otherwise is kept in its own words."""
    found: dict[str, Any] = {}
    others = []
    for item in root.items("PerformedProtocolCodeSequence"):
        code = item.as_code()
        if code and code.value in PATTERNS:
            found["test"] = _agreed(root, code, PATTERNS[code.value])
        elif code and code.value in STRATEGIES:
            found["strategy"] = _agreed(root, code, STRATEGIES[code.value])
        elif code:
            others.append(str(code))
    root.keep("protocol", others)
    return found


def _agreed(root: Level, code: Code, word: str) -> str:
    """The code decides; words beside it that say something else are told."""
    if code.meaning and _bare(word) not in _bare(code.meaning):
        root.keep("protocol_words", code.meaning)
        root.journal.note("code_contradicts", "A code of the test and the words beside it differ; the code was taken.")
    return word


def _bare(text: str) -> str:
    return _LETTERS.sub("", text.casefold())


def _eye(root: Level) -> VisualFieldEye:
    return VisualFieldEye(
        **_normals(root),
        **_indices(root),
        **_reliability(root),
        foveal_db=_foveal(root),
        duration_s=root.measured("VisualFieldTestDuration"),
        points=_points(root),
    )


def _normals(root: Level) -> dict[str, Any]:
    """Mean deviation and pattern standard deviation (Octopus calls the second one sLV), with their probabilities."""
    normals = root.item("ResultsNormalsSequence")
    if normals is None:
        return {}
    return {
        "md_db": normals.number("GlobalDeviationFromNormal"),
        "md_p": _probability(normals, "Global"),
        "psd_db": normals.number("LocalizedDeviationFromNormal"),
        "psd_p": _probability(normals, "Localized"),
    }


def _probability(normals: Level, of: str) -> Decimal | None:
    found = normals.item(f"{of}DeviationProbabilitySequence")
    return found.number(f"{of}DeviationProbability") if found else None


def _indices(root: Level) -> dict[str, Any]:
    """Visual field index and glaucoma hemifield test, which are content items; others are kept by their name."""
    found: dict[str, Any] = {}
    for index in root.items("VisualFieldGlobalResultsIndexSequence"):
        for item in index.items("DataObservationSequence"):
            name, told = item.code("ConceptNameCodeSequence"), _observed(item)
            if name and name.value == _FIELD_INDEX and isinstance(told, Decimal):
                found["vfi_percent"] = told
            elif name and name.value == _HEMIFIELD and isinstance(told, str):
                found["ght"] = told
            elif name and told is not None:
                root.keep(str(name), str(told))
    return found


def _observed(item: Level) -> Decimal | str | None:
    number, code = item.number("NumericValue"), item.code("ConceptCodeSequence")
    if number is not None:
        return number
    return (code.meaning or code.value) if code else item.text("TextValue")


def _reliability(root: Level) -> dict[str, Any]:
    """Fixation losses of so many checks, and both rates in percent."""
    fixation, trials = root.item("FixationSequence"), root.item("VisualFieldCatchTrialSequence")
    found: dict[str, Any] = {}
    if fixation:
        found["fixation_checks"] = fixation.count("FixationCheckedQuantity")
        found["fixation_losses"] = fixation.count("PatientNotProperlyFixatedQuantity")
    if trials:
        found["false_negatives_percent"] = trials.number("FalseNegativesEstimate")
        found["false_positives_percent"] = trials.number("FalsePositivesEstimate")
    return found


def _foveal(root: Level) -> Decimal | None:
    """An object that says it was not measured may still hold a zero."""
    told = root.number("FovealSensitivity")
    return None if root.text("FovealSensitivityMeasured") == "NO" else told


def _points(root: Level) -> tuple[FieldPoint, ...]:
    return tuple(point for one in root.items("VisualFieldTestPointSequence") if (point := _point(one)))


def _point(one: Level) -> FieldPoint | None:
    """A place without coordinates is none. What was not seen has no sensitivity, whatever number stands there."""
    x, y = one.number("VisualFieldTestPointXCoordinate"), one.number("VisualFieldTestPointYCoordinate")
    if x is None or y is None:
        return None
    result = one.text("StimulusResults")
    seen = {"SEEN": True, "NOT SEEN": False}.get(result or "")
    if seen is None:
        one.keep("StimulusResults", result)
    sensitivity = one.number("SensitivityValue")
    return FieldPoint(x=x, y=y, db=None if seen is False else sensitivity, seen=seen, **_deviations(one))


def _deviations(one: Level) -> dict[str, Decimal | None]:
    normals = one.item("VisualFieldTestPointNormalsSequence")
    if normals is None:
        return {}
    corrected, general = "AgeCorrectedSensitivityDeviation", "GeneralizedDefectCorrectedSensitivityDeviation"
    return {
        "total_deviation_db": normals.number(f"{corrected}Value"),
        "total_deviation_p": normals.number(f"{corrected}ProbabilityValue"),
        "pattern_deviation_db": normals.number(f"{general}Value"),
        "pattern_deviation_p": normals.number(f"{general}ProbabilityValue"),
    }
