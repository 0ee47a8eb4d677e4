"""LM: spectacles, in Topcon's form, JOIA's and both of NIDEK's."""

from collections.abc import Iterator
from decimal import Decimal

from protocols.joia.parts import Found
from protocols.joia.prisms import NAMES, prism
from protocols.readings import Lensmetry, LensmetryEye, Pd
from protocols.xml import Element, Margin
from protocols.xml.optics import SPHERES, first, part, power, present
from protocols.xml.series import eyes

_NEAR = {"near_sphere": ("NearSphere", "NearSphare"), "near_sphere2": ("NearSphere2", "NearSphare2")}
_ADDS = {"add": ("ADD", "Add1"), "add2": ("ADD2", "Add2")}
_KNOWN = (*SPHERES, "Cylinder", "Axis", "SE", "UVTransmittance", "Error", *NAMES)
_KNOWN_TOO = tuple(name for names in (*_NEAR.values(), *_ADDS.values()) for name in names)


def read(measure: Element) -> Iterator[Found]:
    """One lensmetry. NIDEK's own part (corridor, net prism) is kept as it came."""
    margin = Margin()
    margin.keep_rest("", measure, ("LM", "PD", "LensType"))
    block = measure.get("LM")
    both = eyes(block, lambda lens, letter: _lens(lens, letter, margin))
    single = _single(block, margin)
    top = present(lens_type=measure.said("LensType") or None, pd=_pd(measure.get("PD"), margin), single=single)
    if both or single or "pd" in top:
        yield Found(Lensmetry, top | both, margin)


def _lens(lens: Element, tag: str, margin: Margin) -> LensmetryEye | None:
    adds = {key: margin.figure(first(lens, *names), f"{tag}/{names[0]}", "D") for key, names in _ADDS.items()}
    near = {key: margin.figure(first(lens, *names), f"{tag}/{names[0]}", "D") for key, names in _NEAR.items()}
    keys = power(lens, tag, margin) | present(
        **adds,
        **near,
        prism=prism(lens, tag, margin),
        uv_transmittance=margin.figure(lens.get("UVTransmittance"), f"{tag}/UVTransmittance", "%"),
        error=lens.said("Error") or None,
    )
    margin.keep_rest(tag, lens, (*_KNOWN, *_KNOWN_TOO))
    return part(LensmetryEye, keys)


def _single(block: Element | None, margin: Margin) -> LensmetryEye | None:
    """An unmarked lens. Beside a good one another may stand that could not be measured; of several none is chosen."""
    found = [lens for one in (block.each("S") if block is not None else ()) if (lens := _lens(one, "S", margin))]
    good = [lens for lens in found if lens.error is None]
    if len(good) > 1 and block is not None:
        for one in block.each("S"):
            margin.keep_element("S", one)
        margin.note("representative_missing", "Several unmarked lenses were measured; none is chosen.")
        return None
    for failed in found if good else found[1:]:
        if failed.error is not None:
            margin.keep("S/Error", failed.error)
    return next(iter(good or found), None)


def _pd(element: Element | None, margin: Margin) -> Pd | None:
    if element is None:
        return None

    def distance(topcon: str, nidek: str) -> Decimal | None:
        found = element.at(topcon)
        return margin.figure(found if found is not None else element.get(nidek), f"PD/{nidek}", "mm")

    both, right, left = (
        distance("B/Distance", "Distance"),
        distance("R/Distance", "DistanceR"),
        distance("L/Distance", "DistanceL"),
    )
    margin.keep_rest("PD", element, ("B", "R", "L", "Distance", "DistanceR", "DistanceL"))
    return part(Pd, present(far=both or None, far_right=right or None, far_left=left or None))
