"""The shared vocabulary: what every driver makes of what an instrument said.

One reading is one JSON object, schema ``emmetra.reading/1``. Decimals are JSON strings that keep the
instrument's own step (``"-5.00"``), axes and counts are integers, absent is absent.
"""

from protocols.readings.codec import Malformed, from_json, kind, stamped, to_json
from protocols.readings.kinds import (
    Autorefraction,
    Keratometry,
    Lensmetry,
    Pachymetry,
    Reading,
    Tonometry,
)
from protocols.readings.values import (
    AutorefractionEye,
    CornealCylinder,
    CorrectedIop,
    Instrument,
    Integrity,
    IopReading,
    KeratometryEye,
    KeratometryReading,
    LensmetryEye,
    MeanCurvature,
    Meridian,
    Note,
    PachymetryEye,
    PachymetryReading,
    PatientRef,
    Pd,
    Power,
    Prism,
    PrismComponent,
    RefractionReading,
    TonometryEye,
)

SCHEMA = "emmetra.reading/1"

__all__ = [
    "SCHEMA",
    "Autorefraction",
    "AutorefractionEye",
    "CornealCylinder",
    "CorrectedIop",
    "Instrument",
    "Integrity",
    "IopReading",
    "Keratometry",
    "KeratometryEye",
    "KeratometryReading",
    "Lensmetry",
    "LensmetryEye",
    "Malformed",
    "MeanCurvature",
    "Meridian",
    "Note",
    "Pachymetry",
    "PachymetryEye",
    "PachymetryReading",
    "PatientRef",
    "Pd",
    "Power",
    "Prism",
    "PrismComponent",
    "Reading",
    "RefractionReading",
    "Tonometry",
    "TonometryEye",
    "from_json",
    "kind",
    "stamped",
    "to_json",
]
