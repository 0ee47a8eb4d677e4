"""The parts a reading is made of.

Units stand in the key where the field allows more than one. Sphere, cylinder, add and prism are in
dioptres, axes in whole degrees as received (0 and 180 are both legal and never rewritten).
"""

from decimal import Decimal
from typing import Literal

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a reading; what was not measured is left out."""


UNNAMED = "unknown"


class Instrument(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Who spoke, as the instrument names itself; ``dialect`` is our name for how it speaks.

    ``model`` is UNNAMED when it does not say; a gateway that was told what hangs on the wire fills it in.
    """

    maker: str
    model: str
    dialect: str
    serial: str | None = None
    firmware: str | None = None

    @property
    def called(self) -> str:
        """Maker and model for people; what it did not say is left out, and nothing may be left."""
        return " ".join(said for said in (self.maker, self.model) if said and said != UNNAMED)


class PatientRef(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What the instrument said about the patient; a running print number is never an id."""

    id: str | None = None
    name: str | None = None
    birth_date: str | None = None


class Integrity(Part, frozen=True, kw_only=True, omit_defaults=True):
    """How far the bytes can be trusted."""

    checksum: Literal["ok", "bad", "none"]
    raw_sha256: str


class Note(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Something a person should know: a code for machines, a sentence for people."""

    code: str
    text: str


class Pd(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Pupillary distance in millimetres."""

    far: Decimal | None = None
    far_right: Decimal | None = None
    far_left: Decimal | None = None
    near: Decimal | None = None
    near_right: Decimal | None = None
    near_left: Decimal | None = None


class Power(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Sphere, cylinder and axis in the notation that was received; ``se`` only as the instrument printed it."""

    sphere: Decimal | None = None
    cylinder: Decimal | None = None
    axis: int | None = None
    se: Decimal | None = None


class RefractionReading(Power, frozen=True, kw_only=True, omit_defaults=True):
    """One single measurement of a series."""

    confidence: int | None = None
    cataract_mode: bool = False
    error: str | None = None


class AutorefractionEye(Power, frozen=True, kw_only=True, omit_defaults=True):
    """An eye: the representative value on top, absent when the instrument chose none."""

    confidence: int | None = None
    cataract_mode: bool = False
    readings: tuple[RefractionReading, ...] = ()
    contact_lens: Power | None = None
    trial_lens: Power | None = None
    error: str | None = None
    pupil_mm: Decimal | None = None


class Meridian(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One principal meridian of the cornea; millimetres, dioptres, degrees."""

    radius_mm: Decimal | None = None
    power_d: Decimal | None = None
    axis: int | None = None


class MeanCurvature(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The instrument's own mean of both meridians."""

    radius_mm: Decimal | None = None
    power_d: Decimal | None = None


class CornealCylinder(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Corneal astigmatism as the instrument signs it."""

    power_d: Decimal | None = None
    axis: int | None = None


class KeratometryReading(Part, frozen=True, kw_only=True, omit_defaults=True):
    """``r1`` is the flatter meridian (longer radius), ``r2`` the steeper."""

    r1: Meridian | None = None
    r2: Meridian | None = None
    average: MeanCurvature | None = None
    cylinder: CornealCylinder | None = None
    error: str | None = None


class KeratometryEye(KeratometryReading, frozen=True, kw_only=True, omit_defaults=True):
    """An eye: the representative value on top, the series below."""

    corneal_diameter_mm: Decimal | None = None
    pupil_mm: Decimal | None = None
    readings: tuple[KeratometryReading, ...] = ()


class PrismComponent(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Prism dioptres with the base; without a proven base the sign stays and ``base`` is absent."""

    power: Decimal
    base: Literal["in", "out", "up", "down"] | None = None


class Prism(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Prism in rectangular components, or polar as ``power`` and ``base_deg`` (0 to 360), as it was received."""

    horizontal: PrismComponent | None = None
    vertical: PrismComponent | None = None
    power: Decimal | None = None
    base_deg: int | None = None


class LensmetryEye(Power, frozen=True, kw_only=True, omit_defaults=True):
    """One lens on the lensmeter."""

    add: Decimal | None = None
    add2: Decimal | None = None
    near_sphere: Decimal | None = None
    near_sphere2: Decimal | None = None
    prism: Prism | None = None
    uv_transmittance: Decimal | None = None
    error: str | None = None


class IopReading(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One puff; ``doubtful`` when the instrument itself marks it; ``iop_kpa`` is its own conversion."""

    iop_mmhg: Decimal | None = None
    iop_kpa: Decimal | None = None
    doubtful: bool = False
    confidence: int | None = None
    error: str | None = None


class CorrectedIop(Part, frozen=True, kw_only=True, omit_defaults=True):
    """corrected = measured - (CCT - param1) x param2, as the instrument computed it."""

    iop_mmhg: Decimal
    cct_um: Decimal | None = None
    param1: Decimal | None = None
    param2: Decimal | None = None


class TonometryEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """``iop_mmhg`` is the instrument's own average, with its own rounding."""

    iop_mmhg: Decimal | None = None
    iop_kpa: Decimal | None = None
    readings: tuple[IopReading, ...] = ()
    corrected: CorrectedIop | None = None
    error: str | None = None


class PachymetryReading(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One thickness measurement in micrometres."""

    cct_um: Decimal | None = None
    doubtful: bool = False
    error: str | None = None


class PachymetryEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Central corneal thickness, the instrument's own average on top."""

    cct_um: Decimal | None = None
    readings: tuple[PachymetryReading, ...] = ()
    error: str | None = None


class SubjectiveEye(Power, frozen=True, kw_only=True, omit_defaults=True):
    """An eye behind the phoropter at one stage and distance; acuities are texts as shown (``"1.25"``, ``"<0.1"``)."""

    add: Decimal | None = None
    prism: Prism | None = None
    va: str | None = None
    va_with_add: str | None = None
    va_pinhole: str | None = None
    va_low_light: str | None = None


class AcuityEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What an eye could read, as shown; ``letters`` more (or, negative, fewer) than the whole line."""

    va: str | None = None
    letters: int | None = None
    error: str | None = None


class BinocularTest(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One test by its usual name (``nra pra npc npa vergence phoria stereo worth dominant ac_a`` …).

    ``values`` has a key for each figure (``blur break recovery value power cm`` …), ``unit`` what they are in
    (``D pd cm deg pct s``), ``words`` what the instrument said that is no figure (``EXO``, ``R``).
    """

    name: str
    distance: Literal["far", "near"] | None = None
    direction: Literal["in", "out", "up", "down"] | None = None
    eye: Literal["right", "left"] | None = None
    values: dict[str, Decimal] = {}
    unit: str | None = None
    words: str | None = None


class BiomechanicsEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Corneal response to an air pulse: pressures and hysteresis in mmHg, thickness in micrometres.

    ``a1`` and ``a2`` are the first and second applanation, ``hc`` the highest concavity; the velocity at ``a2`` is
    negative. ``deflection_mm`` is the deformation without the eye's own movement (``wem``). Indices (``cbi``, ``tbi``,
    ``ssi``, ``sp_a1`` in mmHg/mm) are the instrument's own and never recomputed here.
    """

    iop_mmhg: Decimal | None = None
    iopcc_mmhg: Decimal | None = None
    biop_mmhg: Decimal | None = None
    cct_um: Decimal | None = None
    ch_mmhg: Decimal | None = None
    crf_mmhg: Decimal | None = None
    cbi: Decimal | None = None
    tbi: Decimal | None = None
    sp_a1: Decimal | None = None
    ssi: Decimal | None = None
    a1_time_ms: Decimal | None = None
    a1_length_mm: Decimal | None = None
    a1_velocity_m_s: Decimal | None = None
    a2_time_ms: Decimal | None = None
    a2_length_mm: Decimal | None = None
    a2_velocity_m_s: Decimal | None = None
    hc_time_ms: Decimal | None = None
    deformation_mm: Decimal | None = None
    deflection_mm: Decimal | None = None
    peak_distance_mm: Decimal | None = None
    radius_mm: Decimal | None = None
    da_ratio_1mm: Decimal | None = None
    da_ratio_2mm: Decimal | None = None
    integrated_radius_per_mm: Decimal | None = None
    arth_um: Decimal | None = None
    wem_mm: Decimal | None = None
    wem_time_ms: Decimal | None = None
    waveform_score: Decimal | None = None
    error: str | None = None


class Blob(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Bytes that travel apart: SHA-256 in hex, how many, and their media type (``application/dicom``)."""

    sha256: str
    bytes: int
    media_type: str


class OrderRef(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What an instrument copied from the worklist: the ways back to the order. A name is none of them."""

    accession: str | None = None
    study_uid: str | None = None
    procedure_id: str | None = None
    step_id: str | None = None


class AxialReading(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One shot of a biometer."""

    axial_length_mm: Decimal | None = None
    snr: Decimal | None = None
    doubtful: bool | None = None


class BiometryEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Lengths of one eye in millimetres, cornea in micrometres.

    ``acd_from`` says where the anterior chamber begins: Zeiss measures from the epithelium, others from the endothelium
    (aqueous depth), which differ by the cornea's thickness.
    """

    axial_length_mm: Decimal | None = None
    acd_mm: Decimal | None = None
    acd_from: Literal["epithelium", "endothelium"] | None = None
    lens_thickness_mm: Decimal | None = None
    vitreous_mm: Decimal | None = None
    cct_um: Decimal | None = None
    white_to_white_mm: Decimal | None = None
    pupil_mm: Decimal | None = None
    k1: Meridian | None = None
    k2: Meridian | None = None
    k_index: Decimal | None = None
    snr: Decimal | None = None
    standard_deviation_mm: Decimal | None = None
    lens_status: str | None = None
    vitreous_status: str | None = None
    readings: tuple[AxialReading, ...] = ()
    error: str | None = None


class TopographyEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Figures of a corneal map; ``indices`` are the maker's own by the maker's name (``KISA``, ``BAD-D``, ``SAI``)."""

    k1: Meridian | None = None
    k2: Meridian | None = None
    kmax_d: Decimal | None = None
    eccentricity: Decimal | None = None
    q_value: Decimal | None = None
    cct_um: Decimal | None = None
    thinnest_um: Decimal | None = None
    acd_mm: Decimal | None = None
    pupil_mm: Decimal | None = None
    white_to_white_mm: Decimal | None = None
    indices: dict[str, Decimal] = {}
    quality: str | None = None
    error: str | None = None


class FieldPoint(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One tested place in degrees, x to the right of what the patient sees, y up.

    A stimulus that was not seen at its brightest has ``seen`` false and no ``db``: it is less than 0 dB, never 0.
    """

    x: Decimal
    y: Decimal
    db: Decimal | None = None
    seen: bool | None = None
    total_deviation_db: Decimal | None = None
    total_deviation_p: Decimal | None = None
    pattern_deviation_db: Decimal | None = None
    pattern_deviation_p: Decimal | None = None


class VisualFieldEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Static perimetry of one eye: indices in dB, rates in percent, time in seconds."""

    md_db: Decimal | None = None
    md_p: Decimal | None = None
    psd_db: Decimal | None = None
    psd_p: Decimal | None = None
    vfi_percent: Decimal | None = None
    ght: str | None = None
    foveal_db: Decimal | None = None
    fixation_losses: int | None = None
    fixation_checks: int | None = None
    false_positives_percent: Decimal | None = None
    false_negatives_percent: Decimal | None = None
    duration_s: Decimal | None = None
    stimulus: str | None = None
    points: tuple[FieldPoint, ...] = ()


class OctEye(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Thicknesses of one eye in micrometres by sector, as the maker segments them.

    Sectors of ``macula_um`` and ``gcl_um`` are ETDRS (``center inner_superior … outer_nasal``), of ``rnfl_um`` the
    maker's (``average superior nasal inferior temporal`` or clock hours ``h1`` … ``h12``).
    """

    rnfl_um: dict[str, Decimal] = {}
    macula_um: dict[str, Decimal] = {}
    gcl_um: dict[str, Decimal] = {}
    total_volume_mm3: Decimal | None = None
    cup_disc_ratio: Decimal | None = None
    disc_area_mm2: Decimal | None = None
    signal_strength: Decimal | None = None
    error: str | None = None
