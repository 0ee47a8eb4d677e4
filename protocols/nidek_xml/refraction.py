"""AR, SR and LM: what the instrument refracted, what was found behind its chart, and the spectacles it was told of."""

from collections.abc import Iterator
from typing import Any

from protocols.nidek_xml.eyes import both, size
from protocols.readings import AutorefractionEye, LensmetryEye, Pd, Power, RefractionReading, SubjectiveEye
from protocols.xml import Element, Margin
from protocols.xml.optics import part, power, present
from protocols.xml.series import SIDES, alone, entries, one

_AR = ("ARList", "ARMedian", "TrialLens", "ContactLens")
_VALUE = ("sphere", "cylinder", "axis", "se", "confidence", "cataract_mode")
_PD = {"far": "FarPD", "far_right": "RPD", "far_left": "LPD", "near": "NearPD"}


def objective(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """The keys of an autorefraction; no eye and no pupillary distance means nothing was measured."""
    eyes = both(root, "AR", lambda element, tag: _eye(root, element, tag, margin))
    pd = _pd(root, margin)
    if not eyes and pd is None:
        return
    top = present(
        vertex_mm=margin.figure(root.get("VD"), "VD", "mm"),
        working_cm=margin.whole(root.get("WorkingDistance"), "WorkingDistance", "cm"),
        pd=pd,
    )
    yield top | eyes


def _eye(root: Element, element: Element, tag: str, margin: Margin) -> AutorefractionEye | None:
    readings = tuple(_reading(entry, error, f"{tag}/ARList", margin) for entry, error in entries(element, "ARList"))
    median = power(element.get("ARMedian"), f"{tag}/ARMedian", margin)
    margin.keep_rest(tag, element, _AR)
    lenses = present(
        trial_lens=part(Power, power(element.get("TrialLens"), f"{tag}/TrialLens", margin)),
        contact_lens=part(Power, power(element.get("ContactLens"), f"{tag}/ContactLens", margin)),
    )
    keys = (median or alone(readings, _VALUE, tag, margin)) | lenses | _pupil(root, tag[0], margin)
    return AutorefractionEye(**keys, readings=readings) if keys or readings else None


def _reading(entry: Element, error: str, tag: str, margin: Margin) -> RefractionReading:
    mode = entry.said("CataractMode")
    if mode not in ("", "ON", "OFF"):
        margin.unreadable(f"{tag}/CataractMode", mode)
    keys = power(entry, tag, margin)
    confidence = margin.whole(entry.get("ConfidenceIndex"), f"{tag}/ConfidenceIndex")
    return RefractionReading(**keys, confidence=confidence, cataract_mode=mode == "ON", error=error or None)


def _pupil(root: Element, letter: str, margin: Margin) -> dict[str, Any]:
    """With the refraction only where no cornea was measured, which it belongs to otherwise."""
    if root.at(f"{letter}/KM") is not None:
        return {}
    margin.keep_element(f"{letter}/CS", root.at(f"{letter}/CS"))
    return present(pupil_mm=size(root, f"{letter}/PS", "PSList", margin))


def _pd(root: Element, margin: Margin) -> Pd | None:
    element = root.get("PD")
    if element is None:
        return None
    margin.keep_rest("PD", element, ("PDList",))
    measured = [_distances(entry, margin) for entry in element.each("PDList")]
    measured = [distances for distances in measured if distances]
    chosen = one(measured)
    if measured and chosen is None:
        margin.keep_element("PD", element)
        margin.note("representative_missing", "The instrument chose none of its pupillary distances.")
    return Pd(**chosen) if chosen else None


def _distances(entry: Element, margin: Margin) -> dict[str, Any]:
    return present(**{key: margin.figure(entry.get(name), f"PD/PDList/{name}", "mm") for key, name in _PD.items()})


def subjective(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """SR: one refraction at the instrument's own chart."""

    def eye(element: Element, tag: str) -> SubjectiveEye | None:
        keys = power(element, tag, margin) | present(add=margin.figure(element.get("ADD"), f"{tag}/ADD", "D"))
        margin.keep_rest(tag, element, ("Sphere", "Cylinder", "Axis", "SE", "ADD", "WorkingDistance"))
        return part(SubjectiveEye, keys)

    eyes = both(root, "SR", eye)
    if eyes:
        working = [_working(root, letter, margin) for letter, side in SIDES.items() if side in eyes]
        vertex = margin.figure(root.get("VD"), "VD", "mm")
        top = {"stage": "subjective", "distance": "far"} | present(vertex_mm=vertex, working_cm=one(working))
        yield top | eyes


def _working(root: Element, letter: str, margin: Margin) -> int | None:
    tag = f"{letter}/SR/WorkingDistance"
    return margin.whole(root.at(tag), tag, "cm")


def lenses(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """LM: what a lensmeter told the instrument, which passes it on."""

    def lens(element: Element, tag: str) -> LensmetryEye | None:
        adds = present(
            add=margin.figure(element.get("ADD"), f"{tag}/ADD", "D"),
            add2=margin.figure(element.get("ADD2"), f"{tag}/ADD2", "D"),
        )
        margin.keep_rest(tag, element, ("Sphere", "Cylinder", "Axis", "SE", "ADD", "ADD2"))
        return part(LensmetryEye, power(element, tag, margin) | adds)

    eyes = both(root, "LM", lens)
    if eyes:
        margin.note("passed_on", "The instrument passes on what a lensmeter measured.")
        yield dict(eyes)
