"""The kinds of reading. A kind grows by new keys; a renamed key is a new schema beside the old."""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from protocols.readings.values import (
    AcuityEye,
    AutorefractionEye,
    BinocularTest,
    BiomechanicsEye,
    BiometryEye,
    Blob,
    Instrument,
    Integrity,
    KeratometryEye,
    LensmetryEye,
    Note,
    OctEye,
    OrderRef,
    PachymetryEye,
    PatientRef,
    Pd,
    SubjectiveEye,
    TonometryEye,
    TopographyEye,
    VisualFieldEye,
)


class Measured(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every reading carries.

    ``reading_id`` (UUIDv7) and ``received_at`` (ISO 8601 UTC) are absent until the gateway stamps them:
    a decoder has no clock. ``measured_at`` is ISO 8601 as the instrument's clock said, without a zone
    if it gave none.
    """

    instrument: Instrument
    integrity: Integrity
    schema: Literal["emmetra.reading/1"] | None = None
    reading_id: str | None = None
    measured_at: str | None = None
    received_at: str | None = None
    patient_ref: PatientRef | None = None
    order: OrderRef | None = None
    print_number: str | None = None
    notes: tuple[Note, ...] = ()
    extra: dict[str, Any] = {}


class Autorefraction(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="autorefraction"):
    """Objective refraction of both eyes under one condition."""

    condition: Literal["day", "night"] | None = None
    cycloplegic: bool | None = None
    vertex_mm: Decimal | None = None
    working_cm: int | None = None
    pd: Pd | None = None
    right: AutorefractionEye | None = None
    left: AutorefractionEye | None = None


class Keratometry(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="keratometry"):
    """Corneal curvature; ``ring`` names a second measuring ring when the instrument has one."""

    index: Decimal | None = None
    ring: str | None = None
    right: KeratometryEye | None = None
    left: KeratometryEye | None = None


class Lensmetry(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="lensmetry"):
    """Spectacle lenses as measured; ``single`` is one unmarked lens."""

    lens_type: str | None = None
    pd: Pd | None = None
    right: LensmetryEye | None = None
    left: LensmetryEye | None = None
    single: LensmetryEye | None = None


class Tonometry(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="tonometry"):
    """Intraocular pressure in mmHg."""

    method: str | None = None
    right: TonometryEye | None = None
    left: TonometryEye | None = None


class Pachymetry(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="pachymetry"):
    """Central corneal thickness in micrometres; ``unassigned`` is an eye that the instrument cannot name."""

    right: PachymetryEye | None = None
    left: PachymetryEye | None = None
    unassigned: PachymetryEye | None = None


Stage = Literal[
    "unaided",
    "lensmeter",
    "autorefraction",
    "wavefront",
    "previous",
    "subjective",
    "final",
    "contact_lens",
    "trial",
]


class SubjectiveRefraction(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="subjective_refraction"):
    """What stood in the phoropter at one stage and distance; near powers are total near powers as received."""

    stage: Stage
    distance: Literal["far", "near"] | None = None
    light: Literal["day", "night"] | None = None
    distance_cm: Decimal | None = None
    working_cm: int | None = None
    vertex_mm: Decimal | None = None
    pd: Pd | None = None
    right: SubjectiveEye | None = None
    left: SubjectiveEye | None = None
    both: SubjectiveEye | None = None


class VisualAcuity(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="visual_acuity"):
    """Acuity under one ``correction``; ``notation`` says how the texts are to be read."""

    correction: Literal["unaided", "habitual", "corrected", "pinhole", "contact_lens"] | None = None
    notation: Literal["decimal", "fraction", "logmar", "etdrs", "parinaud"] | None = None
    distance: Literal["far", "near"] | None = None
    distance_cm: Decimal | None = None
    right: AcuityEye | None = None
    left: AcuityEye | None = None
    both: AcuityEye | None = None


class BinocularVision(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="binocular_vision"):
    """Tests of both eyes together and of accommodation."""

    tests: tuple[BinocularTest, ...] = ()


class Biomechanics(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="biomechanics"):
    """How the cornea answers an air pulse."""

    right: BiomechanicsEye | None = None
    left: BiomechanicsEye | None = None


class Biometry(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="biometry"):
    """Lengths of the eye, as a calculation of an intraocular lens needs them."""

    method: Literal["optical", "ultrasound"] | None = None
    right: BiometryEye | None = None
    left: BiometryEye | None = None


class Topography(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="topography"):
    """The shape of the cornea; ``surface`` is what was measured, ``unassigned`` an eye the export does not name."""

    surface: Literal["anterior", "posterior", "both"] | None = None
    index: Decimal | None = None
    right: TopographyEye | None = None
    left: TopographyEye | None = None
    unassigned: TopographyEye | None = None


class VisualField(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="visual_field"):
    """One static perimetry of one eye or of each; ``test`` is the pattern (24-2), ``strategy`` how it was threshold."""

    test: str | None = None
    strategy: str | None = None
    right: VisualFieldEye | None = None
    left: VisualFieldEye | None = None


class Oct(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="oct"):
    """Thickness out of optical coherence tomography; ``scan`` as the maker names it. Never compared between makers."""

    scan: str | None = None
    right: OctEye | None = None
    left: OctEye | None = None


class Image(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="image"):
    """A picture, a film or a volume; the bytes are a blob. ``frames`` counts slices or moments."""

    blob: Blob
    modality: str
    laterality: Literal["right", "left", "both"] | None = None
    view: str | None = None
    sop_class: str | None = None
    frames: int | None = None
    rows: int | None = None
    columns: int | None = None
    magnification: str | None = None
    illumination: str | None = None
    thumbnail: Blob | None = None


class Document(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="document"):
    """A report of an instrument, usually a PDF."""

    blob: Blob
    title: str | None = None
    laterality: Literal["right", "left", "both"] | None = None


class VitalSigns(Measured, frozen=True, kw_only=True, omit_defaults=True, tag="vital_signs"):
    """What a check-up measures beside the eyes; a cuff whose arm moved says so in ``doubts``."""

    systolic_mmhg: Decimal | None = None
    diastolic_mmhg: Decimal | None = None
    mean_arterial_mmhg: Decimal | None = None
    pulse_bpm: Decimal | None = None
    glucose_mg_dl: Decimal | None = None
    glucose_mmol_l: Decimal | None = None
    weight_kg: Decimal | None = None
    height_m: Decimal | None = None
    bmi: Decimal | None = None
    temperature_c: Decimal | None = None
    spo2_percent: Decimal | None = None
    doubts: tuple[str, ...] = ()


Reading = (
    Autorefraction
    | Keratometry
    | Lensmetry
    | Tonometry
    | Pachymetry
    | SubjectiveRefraction
    | VisualAcuity
    | BinocularVision
    | Biomechanics
    | Biometry
    | Topography
    | VisualField
    | Oct
    | Image
    | Document
    | VitalSigns
)
