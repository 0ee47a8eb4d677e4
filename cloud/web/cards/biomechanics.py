"""Biomechanics: how a cornea answered an air pulse; indices are the instrument's own and are never recomputed."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from cloud.web.cards.parts import Row, dig, eye_columns, facts, has, messages, written
from cloud.web.cards.shape import Card, Column, Line
from protocols.readings import Biomechanics

HEALTHY = Path(__file__).with_name("healthy.toml")
OF_AIR_PULSE = "a1_time_ms"  # what was seen in healthy eyes was seen with one kind of instrument, which tells this


def biomechanics(reading: Biomechanics) -> Card:
    """Pressures first, then response and indices; what was seen in healthy eyes beside them where it is known."""
    eyes = (reading.right, reading.left)
    seen = healthy() if any(dig(eye, OF_AIR_PULSE) is not None for eye in eyes) else {}
    kept = [row for row in rows(compensated=_compensated(eyes)) if row.always or any(has(eye, row) for eye in eyes)]
    beside = [Column(_("Healthy"), _("seen in healthy eyes, mean ± standard deviation"))] if seen else []
    return Card(
        kind="biomechanics",
        title=_("Corneal biomechanics"),
        columns=[*eye_columns(), *beside],
        lines=[*(_line(row, eyes, seen) for row in kept), *messages(eyes)],
        facts=facts([Row(_("Instrument"), "instrument.model", "said")], reading),
        remarks=[_("Healthy: what studies saw in healthy eyes, not verified. No limit of normal, and no diagnosis.")]
        if seen
        else (),
    )


def _line(row: Row, eyes: Sequence[Any], seen: Mapping[str, str]) -> Line:
    beside = [seen.get(row.find, "")] if seen else []
    return Line(row.label, [*(written(row, eye) for eye in eyes), *beside], row.main)


@cache
def healthy() -> Mapping[str, str]:
    """What was seen in healthy eyes, by field."""
    read: Mapping[str, str] = tomllib.loads(HEALTHY.read_text("utf-8"))["biomechanics"]
    return read


def _compensated(eyes: Sequence[Any]) -> bool:
    """Whether the instrument is one that names its plain pressure after Goldmann, beside the compensated one."""
    return any(dig(eye, "iopcc_mmhg") is not None for eye in eyes)


def rows(*, compensated: bool) -> list[Row]:
    """Every figure in the order in which it is read."""
    return [*_pressures(compensated), *_indices(), *_times(), *_shape()]


def _pressures(compensated: bool) -> list[Row]:
    return [
        Row(_("IOPg (mmHg)") if compensated else _("IOP (mmHg)"), "iop_mmhg", "iop", always=True, main=True),
        Row(_("IOPcc (mmHg)"), "iopcc_mmhg", "iop", main=True),
        Row(_("bIOP (mmHg)"), "biop_mmhg", "iop", main=True),
        Row(_("CH (mmHg)"), "ch_mmhg", "measured", main=True),
        Row(_("CRF (mmHg)"), "crf_mmhg", "measured", main=True),
        Row(_("CCT (µm)"), "cct_um", "measured"),
    ]


def _indices() -> list[Row]:
    return [
        Row(_("CBI"), "cbi", "measured"),
        Row(_("TBI"), "tbi", "measured"),
        Row(_("SP-A1 (mmHg/mm)"), "sp_a1", "measured"),
        Row(_("SSI"), "ssi", "measured"),
        Row(_("ARTh (µm)"), "arth_um", "measured"),
        Row(_("Waveform score"), "waveform_score", "measured"),
    ]


def _times() -> list[Row]:
    return [
        Row(_("A1 time (ms)"), "a1_time_ms", "measured"),
        Row(_("A1 length (mm)"), "a1_length_mm", "measured"),
        Row(_("A1 velocity (m/s)"), "a1_velocity_m_s", "measured"),
        Row(_("A2 time (ms)"), "a2_time_ms", "measured"),
        Row(_("A2 length (mm)"), "a2_length_mm", "measured"),
        Row(_("A2 velocity (m/s)"), "a2_velocity_m_s", "measured"),
        Row(_("Time of highest concavity (ms)"), "hc_time_ms", "measured"),
    ]


def _shape() -> list[Row]:
    return [
        Row(_("Deformation amplitude (mm)"), "deformation_mm", "mm"),
        Row(_("Deflection amplitude (mm)"), "deflection_mm", "mm"),
        Row(_("Distance of peaks (mm)"), "peak_distance_mm", "mm"),
        Row(_("Radius at highest concavity (mm)"), "radius_mm", "mm"),
        Row(_("DA ratio, 1 mm"), "da_ratio_1mm", "measured"),
        Row(_("DA ratio, 2 mm"), "da_ratio_2mm", "measured"),
        Row(_("Integrated radius (1/mm)"), "integrated_radius_per_mm", "measured"),
        Row(_("Movement of the whole eye (mm)"), "wem_mm", "mm"),
        Row(_("Its time (ms)"), "wem_time_ms", "measured"),
    ]
