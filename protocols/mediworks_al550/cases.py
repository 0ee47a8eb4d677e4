"""The examinations of an export: keratometry and maps have keys; axial figures stay raw.

The maker's tables name ``AxialCase.data.value`` as a list of figures and do not say which is the axial length, the
anterior chamber or the lens. A guess would be a wrong lens in an eye, so none is claimed.
"""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, moment
from protocols.mediworks_al550.tree import tree
from protocols.readings import Biometry, BiometryEye, Meridian, PatientRef, Reading, Topography, TopographyEye

EYES = {"OD": "right", "OS": "left"}
INDICES = ("Km", "Astig", "Rh", "Rv", "Rm", "Rper", "Rmin", "SRI", "SAI", "IS")
RADIUS_MM, POWER_D = (4, 14), (20, 90)
_DEEPEST, LONGEST = 12, 200
Said = Mapping[str, Any]


def readings(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """Biometry and topography of every examination. Raises Unread."""
    said = tree(raw)
    found = [reading for case in _cases(said) for reading in _case(raw, said, case, dialect)]
    if not found:
        raise Unread("The export holds no examination of an eye.")
    return tuple(found)


def number_said(raw: bytes) -> str:
    """The ``pid`` of the export, empty when there is none. Raises Unread."""
    return _text(_at(tree(raw), "PatientInfo", "pid"))


def _cases(said: Any, depth: int = 0) -> Iterator[Said]:
    """Every mapping that has an eye, in the order of the file."""
    if depth > _DEEPEST:
        return
    if isinstance(said, Mapping) and any(isinstance(said.get(eye), Mapping) for eye in EYES):
        yield said
    elif isinstance(said, Mapping | list):
        for below in said.values() if isinstance(said, Mapping) else said:
            yield from _cases(below, depth + 1)


def _case(raw: bytes, said: Said, case: Said, dialect: str) -> Iterator[Reading]:
    eyes = {side: case[name] for name, side in EYES.items() if isinstance(case.get(name), Mapping)}
    axial = {side: found for side, eye in eyes.items() if (found := _at(eye, "AxialCase")) is not None}
    fronts = {side: front for side, eye in eyes.items() if (front := _front(eye))}
    heading = _heading(raw, said, case, dialect)
    maps: dict[str, Any] = {side: _map(side, front, heading) for side, front in fronts.items()}
    if axial:
        lengths = _heading(raw, said, case, dialect)
        yield _biometry(lengths, axial, {side: one for side, one in maps.items() if one})
    if any(maps.values()):
        yield Topography(**heading.keys(), surface="anterior", **maps)


def _biometry(heading: Heading, axial: Said, maps: Mapping[str, TopographyEye]) -> Biometry:
    for side, found in axial.items():
        heading.keep(f"{side} AxialCase", _kept(found))
    heading.note(
        "axial_order_unknown",
        "The maker does not say which figure is which length; they are kept as they came and none is given a name.",
    )
    eyes: dict[str, Any] = {side: BiometryEye(k1=one.k1, k2=one.k2) for side, one in maps.items() if one.k1}
    return Biometry(**heading.keys(), method="optical", **eyes)


def _heading(raw: bytes, said: Said, case: Said, dialect: str) -> Heading:
    heading = Heading(raw, dialect, maker="Mediworks", model=_text(said.get("DeviceModel")) or "AL550")
    heading.firmware = _text(said.get("Version")) or None
    checked = _text(case.get("CheckTime"))
    heading.measured_at = moment(checked)
    if checked and heading.measured_at is None:
        heading.keep("CheckTime", checked)
    heading.patient_ref = _who(said.get("PatientInfo"))
    return heading


def _who(said: Any) -> PatientRef | None:
    if not isinstance(said, Mapping):
        return None
    name = ", ".join(filter(None, (_text(said.get("lastname")), _text(said.get("firstname")))))
    birth = _text(said.get("birthday"))[:10]
    known = PatientRef(id=_text(said.get("patientId")) or None, name=name or None, birth_date=birth or None)
    return known if known != PatientRef() else None


def _front(eye: Said) -> Said | None:
    case = _at(eye, "TopographyCase")
    found = _at(case, "Data", "CorneaFront") or _at(case, "CorneaFront")
    return found if isinstance(found, Mapping) else None


def _map(side: str, front: Said, heading: Heading) -> TopographyEye | None:
    flat = _meridian(front, "Rf", "K1", "AxisFlat")
    steep = _meridian(front, "Rs", "K2", "AxisSteep")
    if not _ordered(flat, steep):
        heading.keep(f"{side} CorneaFront", _kept(front))
        heading.note("meridians_unclear", f"The flat meridian of the {side} eye is steeper than the steep one.")
        return None
    indices = {name: value for name in INDICES if (value := figure(front.get(name))) is not None}
    eye = TopographyEye(k1=flat, k2=steep, kmax_d=_within(figure(front.get("Kmax")), 20, 120), indices=indices)
    return eye if eye != TopographyEye() else None


def _meridian(front: Said, radius: str, power: str, axis: str) -> Meridian | None:
    degrees = _within(figure(front.get(axis)), 0, 180)
    found = Meridian(
        radius_mm=_within(figure(front.get(radius)), *RADIUS_MM),
        power_d=_within(figure(front.get(power)), *POWER_D),
        axis=int(degrees) if degrees is not None and degrees == int(degrees) else None,
    )
    return found if found != Meridian() else None


def _ordered(flat: Meridian | None, steep: Meridian | None) -> bool:
    if flat is None or steep is None:
        return True
    powers = flat.power_d is None or steep.power_d is None or flat.power_d <= steep.power_d
    return powers and (flat.radius_mm is None or steep.radius_mm is None or flat.radius_mm >= steep.radius_mm)


def figure(said: Any) -> Decimal | None:
    """A figure as JSON or as text."""
    if isinstance(said, bool) or not isinstance(said, str | int | Decimal):
        return None
    try:
        value = Decimal(str(said).strip())
    except InvalidOperation:
        return None
    return value if math.isfinite(value) and abs(value) < 10**6 else None


def _within(value: Decimal | None, least: int, most: int) -> Decimal | None:
    return value if value is not None and least <= value <= most else None


def _at(said: Any, *path: str) -> Any:
    for name in path:
        said = said.get(name) if isinstance(said, Mapping) else None
    return said


def _text(said: Any) -> str:
    return str(said).strip() if isinstance(said, str | int | Decimal) and not isinstance(said, bool) else ""


def _kept(said: Any) -> Any:
    """Plain data with figures as texts, without charts; long lists stand in the capture only."""
    if isinstance(said, Mapping):
        return {name: _kept(one) for name, one in said.items() if name != "chartData"}
    if isinstance(said, list):
        return [_kept(one) for one in said] if len(said) <= LONGEST else f"{len(said)} figures, in the capture"
    return _text(said)[:LONGEST]
