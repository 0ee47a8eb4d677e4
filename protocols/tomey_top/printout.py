"""From a print-out to readings: pressure with its correction, and thickness. One eye alone costs nothing."""

from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.readings import (
    UNNAMED,
    CorrectedIop,
    Instrument,
    IopReading,
    Pachymetry,
    PachymetryEye,
    Reading,
    Tonometry,
    TonometryEye,
)
from protocols.sheet import integrity
from protocols.tomey_top.grammar import DIALECT
from protocols.tomey_top.paper import AVERAGE, CORRECTED, THICKNESS, Paper

_SIDES = ("right", "left")


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of a print-out. Raises Unread."""
    paper = Paper(raw)
    if not paper.mmhg:
        raise Unread("The print-out broke off before its unit of pressure.", len(raw))
    common = _common(raw, paper)
    pressures: dict[str, Any] = {side: eye for at, side in enumerate(_SIDES) if (eye := _eye(paper, at)) is not None}
    thicknesses: dict[str, Any] = {
        side: PachymetryEye(cct_um=value)
        for side, value in zip(_SIDES, paper.row(THICKNESS), strict=True)
        if value is not None
    }
    if not (pressures or thicknesses):
        raise Unread("No eye could be read in this print-out.")
    pressure: list[Reading] = [Tonometry(**common, **pressures)] if pressures else []
    return (*pressure, *([Pachymetry(**common, **thicknesses)] if thicknesses else []))


def _eye(paper: Paper, at: int) -> TonometryEye | None:
    average, corrected, thickness = (paper.row(tag)[at] for tag in (AVERAGE, CORRECTED, THICKNESS))
    readings = tuple(IopReading(iop_mmhg=value) for one in paper.readings if (value := one[at]) is not None)
    if average is None and corrected is None and not readings:
        return None
    return TonometryEye(iop_mmhg=average, readings=readings, corrected=_corrected(corrected, thickness))


def _corrected(value: Decimal | None, thickness: Decimal | None) -> CorrectedIop | None:
    return CorrectedIop(iop_mmhg=value, cct_um=thickness) if value is not None else None


def _common(raw: bytes, paper: Paper) -> dict[str, Any]:
    if not paper.model:
        paper.margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    return {
        "instrument": Instrument(maker=paper.maker or "Tomey", model=paper.model or UNNAMED, dialect=DIALECT),
        "integrity": integrity(raw),
        "measured_at": paper.measured_at,
        "print_number": paper.print_number,
        "notes": tuple(paper.margin.notes),
        "extra": paper.margin.extra,
    }
