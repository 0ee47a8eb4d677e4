"""The measurements modules of PS3.3 C.8.25: what a reading of each kind puts into an object."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from protocols.dicom_refraction.grammar import (
    ACUITY,
    ACUITY_MEANINGS,
    AUTOREFRACTION,
    DISTANCES,
    KERATOMETRY,
    LENSOMETRY,
    SUBJECTIVE,
)
from protocols.dicom_refraction.study import Chart, Study
from protocols.readings import (
    AcuityEye,
    Autorefraction,
    AutorefractionEye,
    Keratometry,
    KeratometryEye,
    Lensmetry,
    LensmetryEye,
    Meridian,
    Pd,
    Power,
    Prism,
    SubjectiveEye,
    SubjectiveRefraction,
    VisualAcuity,
)

Attributes = dict[str, Any]
SIDES = {"right": "R", "left": "L"}
STEEP_FOLLOWS = "Axis of the steep meridian: 90 degrees from the flat one; the instrument sends one."
_SEGMENTS = ("PROGRESSIVE", "NONPROGRESSIVE")
_WITHOUT_DEFINITION = ("TUMBLING E", "LANDOLT C")


class Unwritable(ValueError):
    """A reading that no object of its class can hold without saying something else; one sentence why."""


def _lensometry(reading: Lensmetry, study: Study) -> Attributes:
    lenses = _sides(reading, "{}LensSequence", lambda lens: _lens(lens, reading.lens_type))
    if not lenses and reading.single:
        # General Series wants its laterality, empty where it is not known, unless the eyes are told
        lenses = _named("UnspecifiedLateralityLensSequence", _lens(reading.single, reading.lens_type))
        return {"LensDescription": "", "Laterality": ""} | _some(lenses)
    return {"LensDescription": ""} | _some(lenses)


def _lens(lens: LensmetryEye, lens_type: str | None) -> Attributes:
    segment = {"LensSegmentType": lens_type} if lens_type in _SEGMENTS else {}
    power = _power(lens)
    return power | _addition(lens.add) | _prism(lens.prism) | segment if power else {}


def _autorefraction(reading: Autorefraction, study: Study) -> Attributes:
    if reading.condition == "night":
        raise Unwritable("An object cannot say that it was measured by night, and would be taken for the day's.")
    return _pd(reading.pd) | _some(
        _sides(reading, "Autorefraction{}EyeSequence", lambda eye: _refracted(eye, reading.vertex_mm))
    )


def _refracted(eye: AutorefractionEye, vertex_mm: Decimal | None) -> Attributes:
    power = _power(eye)
    return power | _given(VertexDistance=vertex_mm, PupilSize=eye.pupil_mm) if power else {}


def _keratometry(reading: Keratometry, study: Study) -> Attributes:
    if reading.ring is not None:
        raise Unwritable("An object cannot say on which ring the cornea was measured.")
    eyes = _some(_sides(reading, "Keratometry{}EyeSequence", _cornea))
    followed = any(_follows(eye) for eye in (reading.right, reading.left) if eye)
    return eyes | ({"ImageComments": STEEP_FOLLOWS} if followed else {})


def _cornea(eye: KeratometryEye) -> Attributes:
    """Both meridians with all three figures, or none. The axis of the steep one follows where only one was sent."""
    flat, steep = eye.r1 or Meridian(), eye.r2 or Meridian()
    axes = flat.axis, flat.axis + 90 if _follows(eye) and flat.axis is not None else steep.axis
    found = {
        f"{name}KeratometricAxisSequence": _given(
            RadiusOfCurvature=one.radius_mm, KeratometricPower=one.power_d, KeratometricAxis=axis
        )
        for name, one, axis in (("Flat", flat, axes[0]), ("Steep", steep, _within(axes[1])))
    }
    return found if all(len(meridian) == 3 for meridian in found.values()) else {}


def _follows(eye: KeratometryEye) -> bool:
    return bool(eye.r1 and eye.r2 and eye.r1.axis is not None and eye.r2.axis is None)


def _within(axis: int | None) -> int | None:
    return axis if axis is None or axis <= 180 else axis - 180


def _subjective(reading: SubjectiveRefraction, study: Study) -> Attributes:
    if reading.stage != "subjective" or reading.distance == "near" or reading.light == "night":
        raise Unwritable("Only what was found subjectively, for far and by day, is what an object of this class says.")
    return _pd(reading.pd) | _some(
        _sides(reading, "SubjectiveRefraction{}EyeSequence", lambda eye: _tried(eye, reading.vertex_mm))
    )


def _tried(eye: SubjectiveEye, vertex_mm: Decimal | None) -> Attributes:
    power = _power(eye)
    return power | _addition(eye.add) | _prism(eye.prism) | _given(VertexDistance=vertex_mm) if power else {}


def _acuity(reading: VisualAcuity, study: Study) -> Attributes:
    code, distance = ACUITY_MEANINGS.get(reading.correction or ""), reading.distance
    if study.chart is None or code is None or distance is None or reading.notation != "decimal":
        raise Unwritable("An acuity needs its chart, its correction, far or near, and decimal notation to be written.")
    both = _named("VisualAcuityBothEyesOpenSequence", _seen(reading.both)) if reading.both else {}
    both |= _laterality("RL") if both else {}
    eyes = _sides(reading, "VisualAcuity{}EyeSequence", _seen)
    return {
        "ViewingDistanceType": next(word for word, ours in DISTANCES.items() if ours == distance),
        "VisualAcuityTypeCodeSequence": dict(
            zip(("CodeValue", "CodingSchemeDesignator", "CodeMeaning"), code, strict=True)
        ),
        "ReferencedRefractiveMeasurementsSequence": [],  # required with an acuity, empty when none is known
        **_chart(study.chart),
        **_some(eyes | both),
    }


def _chart(chart: Chart) -> Attributes:
    if not chart.definition and chart.optotype not in _WITHOUT_DEFINITION:
        raise Unwritable("Letters, numbers and pictures need their definition: which set of them was shown.")
    definition = {"OptotypeDetailedDefinition": chart.definition} if chart.definition else {}
    return definition | {
        "BackgroundColor": chart.background,
        "Optotype": chart.optotype,
        "OptotypePresentation": chart.presentation,
    }


def _seen(eye: AcuityEye) -> Attributes:
    """Letters more belong to the next line, letters fewer to the line itself."""
    try:
        value = float(eye.va or "")
    except ValueError:  # "<0.1", "CF": no decimal acuity
        return {}
    letters = eye.letters or 0
    return {"DecimalVisualAcuity": value} | (
        {"VisualAcuityModifiers": [min(letters, 0), max(letters, 0)]} if letters else {}
    )


def _power(value: Power) -> Attributes:
    """Sphere, and a cylinder unless it is zero: without its sequence an eye is spherical."""
    if value.sphere is None:
        return {}
    if not value.cylinder:
        return _given(SpherePower=value.sphere)
    if value.axis is None:
        return {}
    cylinder = _given(CylinderPower=value.cylinder, CylinderAxis=value.axis)
    return _given(SpherePower=value.sphere) | {"CylinderSequence": cylinder}


def _addition(add: Decimal | None) -> Attributes:
    return {"AddNearSequence": _given(AddPower=add)} if add is not None else {}


def _prism(prism: Prism | None) -> Attributes:
    """All four attributes are required: one component without the other, or polar, has no place."""
    if prism is None or prism.horizontal is None or prism.vertical is None:
        return {}
    if prism.horizontal.base is None or prism.vertical.base is None:
        return {}
    powers = _given(HorizontalPrismPower=prism.horizontal.power, VerticalPrismPower=prism.vertical.power)
    bases = {
        "HorizontalPrismBase": prism.horizontal.base.upper(),
        "VerticalPrismBase": prism.vertical.base.upper(),
    }
    return {"PrismSequence": powers | bases}


def _pd(pd: Pd | None) -> Attributes:
    return _given(DistancePupillaryDistance=pd.far, NearPupillaryDistance=pd.near) if pd else {}


def _given(**values: Decimal | int | None) -> Attributes:
    return {keyword: float(value) for keyword, value in values.items() if value is not None}


def _sides(reading: Any, name: str, eye: Callable[[Any], Attributes]) -> Attributes:
    """The sequences of the eyes that can be written, and which eyes those are."""
    found = {side: eye(value) for side in SIDES if (value := getattr(reading, side)) is not None}
    written = {side: value for side, value in found.items() if value}
    sequences = {name.format(side.capitalize()): value for side, value in written.items()}
    return sequences | _laterality("".join(SIDES[side] for side in written))


def _laterality(sides: str) -> Attributes:
    return {"MeasurementLaterality": "B" if len(sides) > 1 else sides} if sides else {}


def _named(name: str, value: Attributes) -> Attributes:
    return {name: value} if value else {}


def _some(eyes: Attributes) -> Attributes:
    if not eyes:
        raise Unwritable("No eye and no lens of the reading has all that an object requires of it.")
    return eyes


Module = Callable[[Any, Study], Attributes]
MODULES: dict[str, tuple[str, Module]] = {
    "lensmetry": (LENSOMETRY, _lensometry),
    "autorefraction": (AUTOREFRACTION, _autorefraction),
    "keratometry": (KERATOMETRY, _keratometry),
    "subjective_refraction": (SUBJECTIVE, _subjective),
    "visual_acuity": (ACUITY, _acuity),
}
