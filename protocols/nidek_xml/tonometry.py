"""NT and PACHY: puffs with their average and the pressure corrected for the cornea; thickness."""

from collections.abc import Iterator
from typing import Any

from protocols.nidek_xml.eyes import both
from protocols.readings import CorrectedIop, IopReading, PachymetryEye, PachymetryReading, TonometryEye
from protocols.xml import Element, Margin
from protocols.xml.optics import present
from protocols.xml.series import entries


def pressures(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """The keys of a tonometry."""
    eyes = both(root, "NT", lambda element, tag: _pressure(element, tag, margin))
    if eyes:
        yield dict(eyes)


def _pressure(element: Element, tag: str, margin: Margin) -> TonometryEye:
    readings = tuple(
        IopReading(**_both(entry, f"{tag}/NTList", margin), error=error or None)
        for entry, error in entries(element, "NTList")
    )
    average = _both(element.get("NTAverage"), f"{tag}/NTAverage", margin)
    corrected = _corrected(element.get("CorrectedIOP"), f"{tag}/CorrectedIOP", margin)
    margin.keep_rest(tag, element, ("NTList", "NTAverage", "CorrectedIOP"))
    return TonometryEye(**average, readings=readings, corrected=corrected)


def _both(element: Element | None, tag: str, margin: Margin) -> dict[str, Any]:
    if element is None:
        return {}
    return present(
        iop_mmhg=margin.figure(element.get("mmHg"), f"{tag}/mmHg", "mmHg"),
        iop_kpa=margin.figure(element.get("kPa"), f"{tag}/kPa", "kPa"),
    )


def _corrected(element: Element | None, tag: str, margin: Margin) -> CorrectedIop | None:
    """As the instrument computed it, with what it computed from; what it measured stands above already."""
    if element is None:
        return None
    value = margin.figure(element.at("Corrected/mmHg"), f"{tag}/Corrected/mmHg", "mmHg")
    if value is None:
        margin.keep_element(tag, element)
        return None
    margin.keep_element(f"{tag}/Corrected/kPa", element.at("Corrected/kPa"))
    return CorrectedIop(
        iop_mmhg=value,
        cct_um=margin.figure(element.get("CCT"), f"{tag}/CCT", "um", "µm", "μm"),
        param1=margin.figure(element.get("Param1"), f"{tag}/Param1", "um", "µm", "μm"),
        param2=margin.figure(element.get("Param2"), f"{tag}/Param2"),
    )


def thicknesses(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """The keys of a pachymetry."""
    eyes = both(root, "PACHY", lambda element, tag: _thickness(element, tag, margin))
    if eyes:
        yield dict(eyes)


def _thickness(element: Element, tag: str, margin: Margin) -> PachymetryEye:
    readings = tuple(
        PachymetryReading(cct_um=_micrometres(entry, f"{tag}/PACHYList", margin), error=error or None)
        for entry, error in entries(element, "PACHYList")
    )
    margin.keep_rest(tag, element, ("PACHYList", "PACHYAverage"))
    average = element.get("PACHYAverage")
    return PachymetryEye(
        cct_um=_micrometres(average, f"{tag}/PACHYAverage", margin) if average is not None else None, readings=readings
    )


def _micrometres(element: Element, tag: str, margin: Margin) -> Any:
    return margin.figure(element.get("Thickness"), f"{tag}/Thickness", "um", "µm", "μm")
