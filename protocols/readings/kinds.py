"""The kinds of reading. A kind grows by new keys; a renamed key is a new schema beside the old."""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from protocols.readings.values import (
    AcuityEye,
    AutorefractionEye,
    BinocularTest,
    BiomechanicsEye,
    Instrument,
    Integrity,
    KeratometryEye,
    LensmetryEye,
    Note,
    PachymetryEye,
    PatientRef,
    Pd,
    SubjectiveEye,
    TonometryEye,
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
)
