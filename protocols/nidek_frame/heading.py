"""What belongs to every reading of a transmission: who, when, which print-out, which patient.

Only the first one or two blocks carry it (ARK-1a captures, Rufus @70a2597).
"""

from dataclasses import dataclass

from protocols.nidek_frame import dates
from protocols.nidek_frame.grammar import COMMON_TAGS, DIALECT
from protocols.nidek_frame.margin import Margin
from protocols.nidek_frame.segments import Block
from protocols.readings import UNNAMED, Instrument, Integrity, PatientRef


@dataclass(frozen=True, slots=True)
class Heading:
    """The common part; ``margin`` holds its own notes and leftovers."""

    instrument: Instrument
    integrity: Integrity
    measured_at: str | None
    print_number: str | None
    patient_ref: PatientRef | None
    margin: Margin


def heading(blocks: list[Block], integrity: Integrity) -> Heading:
    """Gather the common segments, wherever they stand; the first to say something is believed."""
    margin = Margin()
    said = _common(blocks, margin)
    return Heading(
        instrument=_instrument(said.get("ID", ""), margin),
        integrity=integrity,
        measured_at=_measured_at(said.get("DA", ""), margin),
        print_number=said.get("NO"),
        patient_ref=_patient(said.get("IP", ""), said.get("NO", ""), margin),
        margin=margin,
    )


def _common(blocks: list[Block], margin: Margin) -> dict[str, str]:
    said: dict[str, str] = {}
    for segment in (segment for block in blocks for segment in block.segments if segment.tag in COMMON_TAGS):
        text = segment.text.strip()
        if text and said.setdefault(segment.tag, text) != text:
            margin.unreadable(segment.tag, segment.text)
    return said


def _instrument(name: str, margin: Margin) -> Instrument:
    """Maker and model as told; a suffix (P, PD, a, s) is part of the name and never a reason to refuse."""
    maker, slash, model = name.partition("/")
    if not name:
        margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    if not slash:
        maker, model = "NIDEK", name
    return Instrument(maker=maker.strip() or "NIDEK", model=model.strip() or UNNAMED, dialect=DIALECT)


def _measured_at(text: str, margin: Margin) -> str | None:
    if not text:
        return None
    moment = dates.parse(text)
    if moment is None or not dates.plausible(moment):
        margin.keep("DA", text)
        margin.note("clock_implausible", f"The instrument's clock says {text}; check its date and time.")
    return moment.isoformat() if moment else None


def _patient(text: str, print_number: str, margin: Margin) -> PatientRef | None:
    if not text:
        return None
    if text.lstrip("0") == print_number.lstrip("0"):
        margin.keep("IP", text)
        margin.note("patient_id_is_print_number", "The patient id is only the running print number.")
        return None
    return PatientRef(id=text)
