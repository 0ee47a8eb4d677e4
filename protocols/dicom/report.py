"""Structured reports: macular grids (79.1, TID 2100), eye-care measurements (TID 1500, 2120), Pentacam's own."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from protocols.dicom.content import Value, values
from protocols.dicom.grammar import SIDES
from protocols.dicom.level import Level
from protocols.dicom.sides import laterality
from protocols.readings import Oct, OctEye, Reading, Topography, TopographyEye

# LOINC names the sectors of the grid; both TID 2100 and the later templates use them.
MACULA = {
    "57108-3": "center_point",
    "57109-1": "center",
    "57110-9": "inner_superior",
    "57111-7": "inner_nasal",
    "57112-5": "inner_inferior",
    "57113-3": "inner_temporal",
    "57114-1": "outer_superior",
    "57115-8": "outer_nasal",
    "57116-6": "outer_inferior",
    "57117-4": "outer_temporal",
    "131255": "average",
}
VOLUME = "57118-2"
NERVE_FIBRES = {
    "131264": "average",
    "131265": "inferior",
    "131266": "superior",
    "131267": "temporal",
    "131268": "nasal",
}
# Pentacam's private codes (software 1.30 and later); the same with BAH are adjusted by the patient's history.
INDICES = {
    "DICOM_BAMD": "BAD-D",
    "DICOM_BAMF": "BAD-Df",
    "DICOM_BAMB": "BAD-Db",
    "DICOM_BAMP": "BAD-Dp",
    "DICOM_BAMT": "BAD-Dt",
    "DICOM_BAMAM": "BAD-Da",
    "DICOM_BAHD": "BAD-D history",
    "DICOM_BAHF": "BAD-Df history",
    "DICOM_BAHB": "BAD-Db history",
    "DICOM_BAHP": "BAD-Dp history",
    "DICOM_BAHT": "BAD-Dt history",
    "DICOM_BAHAM": "BAD-Da history",
    "DICOM_ARTMAX": "ARTmax",
    "DICOM_PIAVG": "PPI avg",
    "DICOM_PIMIN": "PPI min",
    "DICOM_PIMAX": "PPI max",
}
_THINNEST, _SMALLEST_RADIUS = "DICOM_PACHYMIN", "DICOM_RSAGMIN"
_LENGTHS = {"DICOM_CORNEADIA": "white_to_white_mm", "DICOM_ACD": "acd_mm", "DICOM_PUPILDIA": "pupil_mm"}
_INDEX = Decimal("337.5")  # (1.3375 - 1) x 1000: a radius in millimetres as the keratometric power the maker shows
_THOUSAND = Decimal(1000)
_MICROMETRES = {"um": Decimal(1), "µm": Decimal(1), "mm": _THOUSAND}
_CUBIC = frozenset({"mm3", "uL", "ul"})  # one microlitre is one cubic millimetre


def report(root: Level) -> list[tuple[type[Reading], dict[str, Any]]]:
    """What the report says of each eye. Whatever has no key, or no eye, is kept as a list of names and values."""
    found = values(root, laterality(root))
    grids: dict[str, Any] = {}
    corneas: dict[str, Any] = {}
    used: set[int] = set()
    for side in SIDES:
        of_side = [(at, value) for at, value in enumerate(found) if value.side == side and value.number is not None]
        grids |= _eye(side, OctEye(**_thicknesses(of_side, used)))
        corneas |= _eye(side, TopographyEye(**_cornea(root, of_side, used)))
    root.keep("content", [value.told() for at, value in enumerate(found) if at not in used and root.journal.spend()])
    readings: list[tuple[type[Reading], dict[str, Any]]] = []
    if grids:
        readings.append((Oct, grids))
    if corneas:
        readings.append((Topography, {"surface": "both"} | corneas))
    return readings


def _eye(side: str, eye: OctEye | TopographyEye) -> dict[str, Any]:
    return {side: eye} if eye != type(eye)() else {}


def _thicknesses(of_side: Iterable[tuple[int, Value]], used: set[int]) -> dict[str, Any]:
    macula: dict[str, Decimal] = {}
    fibres: dict[str, Decimal] = {}
    volume = None
    for at, value in of_side:
        name, thick = value.name.value, _micrometres(value)
        if name in MACULA and thick is not None and MACULA[name] not in macula:
            macula[MACULA[name]] = thick
        elif name in NERVE_FIBRES and thick is not None and NERVE_FIBRES[name] not in fibres:
            fibres[NERVE_FIBRES[name]] = thick
        elif name == VOLUME and value.unit in _CUBIC and volume is None:
            volume = value.number
        else:
            continue
        used.add(at)
    return {"macula_um": macula, "rnfl_um": fibres, "total_volume_mm3": volume}


def _cornea(root: Level, of_side: Iterable[tuple[int, Value]], used: set[int]) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    indices: dict[str, Decimal] = {}
    for at, value in of_side:
        name = value.name.value
        if name in INDICES and value.number is not None:
            indices[INDICES[name]] = value.number
        elif name == _THINNEST and (thick := _micrometres(value)) is not None:
            keys["thinnest_um"] = thick
        elif name in _LENGTHS and value.unit in ("mm", "") and value.number:
            keys[_LENGTHS[name]] = value.number
        elif name == _SMALLEST_RADIUS and value.number:
            indices["Rmin"] = value.number
            keys["kmax_d"] = _power(root, value.number)
        else:
            continue
        used.add(at)
    return keys | ({"indices": indices} if indices else {})


def _power(root: Level, radius: Decimal) -> Decimal:
    root.journal.note(
        "kmax_converted", "Kmax was converted from the smallest radius with 337.5, as the maker's screen does."
    )
    return (_INDEX / radius).quantize(Decimal("0.01"))


def _micrometres(value: Value) -> Decimal | None:
    factor = _MICROMETRES.get(value.unit)
    if factor is None or not value.number:
        return None
    return value.number if factor == 1 else Decimal(f"{(value.number * factor).normalize():f}")
