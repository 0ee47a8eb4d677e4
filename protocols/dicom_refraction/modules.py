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
from protocols.dicom_refraction.macros import (
    Attributes,
    Unwritable,
    addition,
    given,
    laterality,
    named,
    pd,
    power,
    prism,
    sides,
    some,
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
    SubjectiveEye,
    SubjectiveRefraction,
    VisualAcuity,
)

STEEP_FOLLOWS = "Axis of the steep meridian: 90 degrees from the flat one; the instrument sends one."
_SEGMENTS = ("PROGRESSIVE", "NONPROGRESSIVE")
_WITHOUT_DEFINITION = ("TUMBLING E", "LANDOLT C")


def _lensometry(reading: Lensmetry, study: Study) -> Attributes:
    lenses = sides(reading, "{}LensSequence", lambda lens: _lens(lens, reading.lens_type))
    if not lenses and reading.single:
        # General Series wants its laterality, empty where it is not known, unless the eyes are told
        lenses = named("UnspecifiedLateralityLensSequence", _lens(reading.single, reading.lens_type))
        return {"LensDescription": "", "Laterality": ""} | some(lenses)
    return {"LensDescription": ""} | some(lenses)


def _lens(lens: LensmetryEye, lens_type: str | None) -> Attributes:
    segment = {"LensSegmentType": lens_type} if lens_type in _SEGMENTS else {}
    base = power(lens)
    return base | addition(lens.add) | prism(lens.prism) | segment if base else {}


def _autorefraction(reading: Autorefraction, study: Study) -> Attributes:
    if reading.condition == "night":
        raise Unwritable("An object cannot say that it was measured by night, and would be taken for the day's.")
    return pd(reading.pd) | some(
        sides(reading, "Autorefraction{}EyeSequence", lambda eye: _refracted(eye, reading.vertex_mm))
    )


def _refracted(eye: AutorefractionEye, vertex_mm: Decimal | None) -> Attributes:
    base = power(eye)
    return base | given(VertexDistance=vertex_mm, PupilSize=eye.pupil_mm) if base else {}


def _keratometry(reading: Keratometry, study: Study) -> Attributes:
    if reading.ring is not None:
        raise Unwritable("An object cannot say on which ring the cornea was measured.")
    eyes = some(sides(reading, "Keratometry{}EyeSequence", _cornea))
    followed = any(_follows(eye) for eye in (reading.right, reading.left) if eye)
    return eyes | ({"ImageComments": STEEP_FOLLOWS} if followed else {})


def _cornea(eye: KeratometryEye) -> Attributes:
    """Both meridians with all three figures, or none. The axis of the steep one follows where only one was sent."""
    flat, steep = eye.r1 or Meridian(), eye.r2 or Meridian()
    axes = flat.axis, flat.axis + 90 if _follows(eye) and flat.axis is not None else steep.axis
    found = {
        f"{name}KeratometricAxisSequence": given(
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
    return pd(reading.pd) | some(
        sides(reading, "SubjectiveRefraction{}EyeSequence", lambda eye: _tried(eye, reading.vertex_mm))
    )


def _tried(eye: SubjectiveEye, vertex_mm: Decimal | None) -> Attributes:
    base = power(eye)
    return base | addition(eye.add) | prism(eye.prism) | given(VertexDistance=vertex_mm) if base else {}


def _acuity(reading: VisualAcuity, study: Study) -> Attributes:
    code, distance = ACUITY_MEANINGS.get(reading.correction or ""), reading.distance
    if study.chart is None or code is None or distance is None or reading.notation != "decimal":
        raise Unwritable("An acuity needs its chart, its correction, far or near, and decimal notation to be written.")
    both = named("VisualAcuityBothEyesOpenSequence", _seen(reading.both)) if reading.both else {}
    both |= laterality("RL") if both else {}
    eyes = sides(reading, "VisualAcuity{}EyeSequence", _seen)
    return {
        "ViewingDistanceType": next(word for word, ours in DISTANCES.items() if ours == distance),
        "VisualAcuityTypeCodeSequence": dict(
            zip(("CodeValue", "CodingSchemeDesignator", "CodeMeaning"), code, strict=True)
        ),
        "ReferencedRefractiveMeasurementsSequence": [],  # required with an acuity, empty when none is known
        **_chart(study.chart),
        **some(eyes | both),
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


Module = Callable[[Any, Study], Attributes]
MODULES: dict[str, tuple[str, Module]] = {
    "lensmetry": (LENSOMETRY, _lensometry),
    "autorefraction": (AUTOREFRACTION, _autorefraction),
    "keratometry": (KERATOMETRY, _keratometry),
    "subjective_refraction": (SUBJECTIVE, _subjective),
    "visual_acuity": (ACUITY, _acuity),
}
