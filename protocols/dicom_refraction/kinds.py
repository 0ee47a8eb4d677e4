"""One class of object, one kind of reading: which attribute is which key."""

from collections.abc import Callable
from typing import Any

from protocols.dicom_refraction.eyes import addition, measured, pd, power, prism, vertex
from protocols.dicom_refraction.grammar import (
    ACUITY,
    ACUITY_TYPES,
    AUTOREFRACTION,
    DISTANCES,
    KERATOMETRY,
    LENSOMETRY,
    SUBJECTIVE,
)
from protocols.dicom_refraction.item import Item
from protocols.readings import (
    AcuityEye,
    Autorefraction,
    AutorefractionEye,
    Keratometry,
    KeratometryEye,
    Lensmetry,
    LensmetryEye,
    Meridian,
    Reading,
    SubjectiveEye,
    SubjectiveRefraction,
    VisualAcuity,
)

SIDES = ("right", "left")


def _sides(root: Item, name: str) -> dict[str, Item | None]:
    return {side: root.item(name.format(side.capitalize())) for side in SIDES}


def _eyes(found: dict[str, Item | None], read: Callable[[Item], Any]) -> dict[str, Any]:
    return {side: measured(read(item)) for side, item in found.items() if item is not None}


def _lens(lens: Item) -> LensmetryEye:
    return LensmetryEye(**power(lens), add=addition(lens), prism=prism(lens))


def _lensmetry(root: Item) -> dict[str, Any]:
    lenses = _sides(root, "{}LensSequence") | {"single": root.item("UnspecifiedLateralityLensSequence")}
    types = {word for lens in lenses.values() if lens and (word := lens.text("LensSegmentType"))}
    if len(types) > 1:
        root.note("lens_types_differ", "The lenses are of different types, so there is none for the pair.")
    return {"lens_type": types.pop() if len(types) == 1 else None} | _eyes(lenses, _lens)


def _autorefraction(root: Item) -> dict[str, Any]:
    eyes = _sides(root, "Autorefraction{}EyeSequence")
    return {"vertex_mm": vertex(*eyes.values()), "pd": pd(root)} | _eyes(eyes, _refracted)


def _refracted(eye: Item) -> AutorefractionEye:
    return AutorefractionEye(**power(eye), pupil_mm=eye.number("PupilSize"))


def _keratometry(root: Item) -> dict[str, Any]:
    return _eyes(_sides(root, "Keratometry{}EyeSequence"), _cornea)


def _cornea(eye: Item) -> KeratometryEye:
    """The object names its meridians itself; a steep one that is flatter than the flat one is told, not turned."""
    flat, steep = (_meridian(eye.item(f"{name}KeratometricAxisSequence")) for name in ("Flat", "Steep"))
    if flat and steep and flat.radius_mm and steep.radius_mm and flat.radius_mm < steep.radius_mm:
        eye.note("meridians_contradict", "The meridian called steep is flatter than the one called flat.")
    return KeratometryEye(r1=flat, r2=steep)


def _meridian(found: Item | None) -> Meridian | None:
    if found is None:
        return None
    radius, power_d = found.number("RadiusOfCurvature"), found.number("KeratometricPower")
    meridian = Meridian(radius_mm=radius, power_d=power_d, axis=found.axis("KeratometricAxis"))
    return measured(meridian)  # type: ignore[no-any-return]


def _subjective(root: Item) -> dict[str, Any]:
    """The additions stand beside the sphere, so the sphere is the one for far."""
    eyes = _sides(root, "SubjectiveRefraction{}EyeSequence")
    top = {"stage": "subjective", "distance": "far", "vertex_mm": vertex(*eyes.values()), "pd": pd(root)}
    return top | _eyes(eyes, _tried)


def _tried(eye: Item) -> SubjectiveEye:
    return SubjectiveEye(**power(eye), add=addition(eye), prism=prism(eye))


def _acuity(root: Item) -> dict[str, Any]:
    eyes = _sides(root, "VisualAcuity{}EyeSequence") | {"both": root.item("VisualAcuityBothEyesOpenSequence")}
    return {"notation": "decimal", "distance": _distance(root), "correction": _correction(root)} | _eyes(eyes, _seen)


def _distance(root: Item) -> str | None:
    said = root.text("ViewingDistanceType")
    if said is not None and said not in DISTANCES:
        root.keep("ViewingDistanceType", said)
    return DISTANCES.get(said or "")


def _correction(root: Item) -> str | None:
    code = root.item("VisualAcuityTypeCodeSequence")
    if code is None:
        return None
    words = [code.text(word) or "" for word in ("CodingSchemeDesignator", "CodeValue", "CodeMeaning")]
    known = ACUITY_TYPES.get((words[0], words[1]))
    if known is None:
        root.keep("VisualAcuityType", " ".join(word for word in words if word))
    return known


def _seen(eye: Item) -> AcuityEye:
    value = eye.number("DecimalVisualAcuity")
    return AcuityEye(va=str(value) if value is not None else None, letters=_letters(eye))


def _letters(eye: Item) -> int | None:
    """A pair: of the line itself, of the next one. Where both count, neither alone is the answer: kept as it came."""
    pair = eye.integers("VisualAcuityModifiers")
    counted = [count for count in pair if count]
    if len(counted) > 1:
        eye.keep("VisualAcuityModifiers", [str(count) for count in pair])
    return counted[0] if len(counted) == 1 else None


Reader = Callable[[Item], dict[str, Any]]
READERS: dict[str, tuple[type[Reading], Reader, tuple[str, ...]]] = {
    LENSOMETRY: (Lensmetry, _lensmetry, (*SIDES, "single")),
    AUTOREFRACTION: (Autorefraction, _autorefraction, SIDES),
    KERATOMETRY: (Keratometry, _keratometry, SIDES),
    SUBJECTIVE: (SubjectiveRefraction, _subjective, SIDES),
    ACUITY: (VisualAcuity, _acuity, (*SIDES, "both")),
}
