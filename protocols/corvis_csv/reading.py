"""A row is one eye's answer to the air pulse. Nothing is recomputed: indices are the instrument's own."""

from typing import Any

from protocols.export import Columns, Days, Row, fault, parted, remark, rows_of
from protocols.framing import Unread
from protocols.framing.margin import integrity
from protocols.labelled import Heading
from protocols.readings import Biomechanics, BiomechanicsEye, Integrity, Reading

SHARED = frozenset({"iop_mmhg", "cct_um"})  # tonometers and tomographs have these columns too
ORA = frozenset({"iopcc_mmhg", "ch_mmhg", "crf_mmhg", "waveform_score"})
ANALYSER = frozenset(BiomechanicsEye.__struct_fields__) - SHARED
MAKERS = {True: ("Reichert", "Ocular Response Analyzer"), False: ("Oculus", "Corvis ST")}


def biomechanics(raw: bytes, columns: Columns, dialect: str) -> tuple[Reading, ...]:
    """A reading a row, in the order of the file. Raises Unread."""
    rows = list(rows_of(parted(raw), columns))
    days = Days(row.told.get("day", "") for row in rows)
    proof = integrity(raw)
    readings = [_reading(proof, row, days, dialect) for row in rows if row.eye and row.values]
    if not readings:
        raise Unread("No row names an eye and a value, so nothing can be assigned.")
    return tuple(readings)


def _reading(proof: Integrity, row: Row, days: Days, dialect: str) -> Biomechanics:
    maker, model = MAKERS[bool(row.values.keys() & ORA)]
    heading = Heading(proof, dialect, maker=maker, model=model)
    remark(heading, row, days)
    eye: dict[str, Any] = {str(row.eye): BiomechanicsEye(**row.values, error=fault(row))}
    return Biomechanics(**heading.keys(), **eye)
