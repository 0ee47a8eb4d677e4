"""Corneal Topography Map (82.1): the figures beside the map."""

from decimal import Decimal
from typing import Any

from protocols.dicom.grammar import SIDES
from protocols.dicom.level import Level
from protocols.dicom.sides import laterality
from protocols.readings import Meridian, Topography, TopographyEye

_SURFACES = {"A": "anterior", "P": "posterior"}
_INDICES = {
    "CornealISValue": "IS",
    "SurfaceRegularityIndex": "SRI",
    "SurfaceAsymmetryIndex": "SAI",
    "KeratoconusPredictionIndex": "KPI",
    "DecimalPotentialVisualAcuity": "PVA",
    "AnalyzedArea": "AnalyzedArea",
    "AverageCornealPower": "ACP",
}
# A radius could not be told from a power by its attribute; no cornea has fewer dioptres than this or more millimetres.
_LEAST_POWER = 20


def topography(root: Level) -> list[tuple[type[Topography], dict[str, Any]]]:
    """One reading; none where the object names no eye or holds no figure."""
    side = laterality(root)
    eye = _eye(root) if side in SIDES else TopographyEye()
    if side is None or eye == TopographyEye():
        return []
    return [(Topography, {"surface": _SURFACES.get(root.text("CornealTopographySurface") or ""), side: eye})]


def _eye(root: Level) -> TopographyEye:
    return TopographyEye(
        k1=_meridian(root, "Flat"),
        k2=_meridian(root, "Steep"),
        kmax_d=_steepest(root),
        eccentricity=root.number("CornealEccentricityIndex"),
        pupil_mm=_pupil(root),
        quality=root.text("CornealTopographyMapQualityEvaluation"),
        indices={word: number for name, word in _INDICES.items() if (number := root.number(name)) is not None},
    )


def _meridian(root: Level, name: str) -> Meridian | None:
    found = root.item(f"{name}KeratometricAxisSequence")
    if found is None:
        return None
    radius, power = found.measured("RadiusOfCurvature"), found.measured("KeratometricPower")
    return Meridian(radius_mm=radius, power_d=power, axis=found.axis("KeratometricAxis")) if radius or power else None


def _steepest(root: Level) -> Decimal | None:
    found = root.item("MaximumCornealCurvatureSequence")
    value = found.measured("MaximumCornealCurvature") if found else None
    if found and value and value < _LEAST_POWER:
        found.keep("MaximumCornealCurvature", str(value))
        return None
    return value


def _pupil(root: Level) -> Decimal | None:
    """The object tells the radius of a circle of the same area, in millimetres."""
    radius = root.measured("EquivalentPupilRadius")
    return radius * 2 if radius else None
