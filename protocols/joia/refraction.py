"""REF: objective refraction."""

from collections.abc import Iterator
from typing import Any

from protocols.joia.parts import Found
from protocols.readings import Autorefraction, AutorefractionEye, Pd, RefractionReading
from protocols.xml import Element, Margin
from protocols.xml.optics import power, present
from protocols.xml.series import alone, entries, eyes

_VALUE = ("sphere", "cylinder", "axis", "se", "confidence", "cataract_mode")
_LIST = ("Sphere", "Cylinder", "Axis", "SE", "CataractMode", "ConfidenceIndex", "Error")


def read(measure: Element) -> Iterator[Found]:
    """One autorefraction; no eye and no pupillary distance means nothing was measured."""
    margin = Margin()
    margin.keep_rest("", measure, ("VD", "REF", "PD"))
    both = eyes(measure.get("REF"), lambda eye, letter: _eye(eye, letter, margin))
    top = present(
        vertex_mm=margin.figure(measure.get("VD"), "VD", "mm"),
        working_cm=margin.whole(measure.at("PD/WorkingDistance"), "PD/WorkingDistance", "cm"),
        pd=_pd(measure, margin),
    )
    if both or "pd" in top:
        yield Found(Autorefraction, top | both, margin)


def _eye(eye: Element, letter: str, margin: Margin) -> AutorefractionEye | None:
    tag = f"{letter}/List"
    readings = tuple(_reading(entry, error, tag, margin) for entry, error in entries(eye, "List"))
    chosen = power(eye.get("Median"), f"{letter}/Median", margin) or alone(readings, _VALUE, letter, margin)
    margin.keep_rest(letter, eye, ("List", "Median"))
    return AutorefractionEye(**chosen, readings=readings) if chosen or readings else None


def _reading(entry: Element, error: str, tag: str, margin: Margin) -> RefractionReading:
    mode = entry.said("CataractMode").upper()
    if mode not in ("", "ON", "OFF"):
        margin.unreadable(f"{tag}/CataractMode", mode)
    margin.keep_rest(tag, entry, _LIST)
    return RefractionReading(
        **power(entry, tag, margin),
        confidence=margin.whole(entry.get("ConfidenceIndex"), f"{tag}/ConfidenceIndex"),
        cataract_mode=mode == "ON",
        error=error or None,
    )


def _pd(measure: Element, margin: Margin) -> Pd | None:
    """Far and near. Topcon repeats the far distance as the near one, which nobody measured."""
    margin.keep_rest("PD", measure.get("PD"), ("WorkingDistance", "Distance", "Near"))
    far = margin.figure(measure.at("PD/Distance"), "PD/Distance", "mm")
    near = margin.figure(measure.at("PD/Near"), "PD/Near", "mm")
    keys: dict[str, Any] = present(far=far or None, near=near if near != far else None)
    return Pd(**keys) if keys else None
