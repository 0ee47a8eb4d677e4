"""TM: intraocular pressure, and the pressure corrected for the thickness of the cornea."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from protocols.joia.parts import Found
from protocols.readings import CorrectedIop, IopReading, Tonometry, TonometryEye
from protocols.xml import Element, Margin
from protocols.xml.optics import micrometres, present
from protocols.xml.series import SIDES, entries, eyes

_LIST = ("IOP_mmHg", "IOP_Pa", "ConfidenceIndex", "Error")
_TO_KPA = {"hPa": -1, "kPa": 0, "Pa": -3}  # powers of ten; NIDEK writes kPa under this name


def read(measure: Element) -> Iterator[Found]:
    """One tonometry. What Topcon adds without a namespace (TM, CorrectedIOP) is kept as it came: its hPa are mmHg."""
    margin = Margin()
    margin.keep_rest("", measure, ("TM", "CorrectedIOP"))
    rule = measure.at("CorrectedIOP/Formula1")
    margin.keep_rest("CorrectedIOP", measure.get("CorrectedIOP"), ("Formula1",))
    yield from pressures(measure.get("TM"), margin, rule)


def pressures(block: Element | None, margin: Margin, rule: Element | None = None) -> Iterator[Found]:
    """The pressures of a block with R and L."""
    both = eyes(block, lambda eye, letter: _eye(eye, letter, rule, margin))
    for letter, side in SIDES.items():
        if rule is not None and side not in both:
            margin.keep_element(f"CorrectedIOP/Formula1/{letter}", rule.get(letter))
    if both:
        yield Found(Tonometry, dict(both), margin)


def _eye(eye: Element, letter: str, rule: Element | None, margin: Margin) -> TonometryEye | None:
    readings = tuple(_reading(entry, error, f"{letter}/List", margin) for entry, error in entries(eye, "List"))
    average = _pressure(eye.get("Average"), f"{letter}/Average", margin)
    margin.keep_rest(letter, eye, ("List", "Average"))
    corrected = _corrected(rule.get(letter), f"CorrectedIOP/Formula1/{letter}", margin) if rule is not None else None
    return TonometryEye(**average, readings=readings, corrected=corrected) if average or readings else None


def _reading(entry: Element, error: str, tag: str, margin: Margin) -> IopReading:
    sure = entry.said("ConfidenceIndex")
    margin.keep_rest(tag, entry, _LIST)
    doubtful = sure == "*"
    confidence = None if doubtful else margin.whole(entry.get("ConfidenceIndex"), f"{tag}/ConfidenceIndex")
    return IopReading(**_pressure(entry, tag, margin), doubtful=doubtful, confidence=confidence, error=error or None)


def _pressure(element: Element | None, tag: str, margin: Margin) -> dict[str, Any]:
    if element is None:
        return {}
    return present(
        iop_mmhg=margin.figure(element.get("IOP_mmHg"), f"{tag}/IOP_mmHg", "mmHg"),
        iop_kpa=_kpa(element.get("IOP_Pa"), f"{tag}/IOP_Pa", margin),
    )


def _kpa(element: Element | None, tag: str, margin: Margin) -> Decimal | None:
    if element is None or not element.text:
        return None
    shift = _TO_KPA.get(element.attribute("unit"))
    value = margin.figure(element, tag) if shift is not None else None
    if shift is None:
        margin.unreadable(tag, element.text)
    return value.scaleb(shift) if value is not None and shift is not None else None


def _corrected(element: Element | None, tag: str, margin: Margin) -> CorrectedIop | None:
    """As the instrument computed it. Without a thickness there is only the formula, which is kept."""
    if element is None:
        return None
    value = margin.figure(element.at("Corrected/IOP_mmHg"), f"{tag}/Corrected", "mmHg")
    if value is None:
        margin.keep_element(tag, element)
        return None
    return CorrectedIop(
        iop_mmhg=value,
        cct_um=_micrometres(element.get("CCT"), f"{tag}/CCT", margin),
        param1=_micrometres(element.get("Param1"), f"{tag}/Param1", margin),
        param2=margin.figure(element.get("Param2"), f"{tag}/Param2"),
    )


def _micrometres(element: Element | None, tag: str, margin: Margin) -> Decimal | None:
    """Topcon writes millimetres; the unit stands beside the number."""
    unit = element.attribute("unit") if element is not None else ""
    if element is not None and element.text and unit not in ("mm", "um"):
        margin.unreadable(tag, element.text)
        return None
    value = margin.figure(element, tag, unit)
    return micrometres(value) if unit == "mm" else value
