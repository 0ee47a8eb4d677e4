"""The head of a file, line by line, and how many points its map has; -1000 is missing, decimals have a comma."""

import re
from decimal import Decimal
from typing import Any, Literal

from protocols.export import words
from protocols.framing import Unread
from protocols.labelled import Heading, moment
from protocols.readings import UNNAMED, Meridian, PatientRef, Reading, Topography, TopographyEye

MISSING = frozenset({"-1", "-1000"})
_SIDES: dict[bool, Literal["right", "left"]] = {True: "right", False: "left"}
_MERIDIAN = re.compile(r"(K[12])\s*=\s*(\d{2}(?:,\d{1,3})?)\s*D\s*@\s*(\d{1,3})\s*°?")
_VALUE = re.compile(r"-?\d{1,6}(?:,\d{1,20})?(?:E-?\d{1,3})?")
_KEPT = {
    "Diametro Corneale": "corneal_diameter",
    "Decentramento Pupillare Orizzontale": "pupil_offset_horizontal",
    "Decentramento Pupillare Verticale": "pupil_offset_vertical",
    "Potere Pupillare Medio": "mean_pupil_power",
}
_POWER_D, _PUPIL_MM, _HALF_TURN = (20, 90), (1, 12), 180
_HEAD_LINES = 60


def topography(raw: bytes, dialect: str, true_is: Literal["right", "left"] | None) -> tuple[Reading, ...]:
    """One map. Raises Unread."""
    lines = [line.strip() for line in words(raw).lstrip("\ufeff").splitlines()]
    said = _said(lines[:_HEAD_LINES])
    heading = Heading(raw, dialect, maker="CSO", model=UNNAMED)
    eye = _eye(lines[:_HEAD_LINES], said, heading)
    _map(lines, said, heading)
    _head(said, heading)
    side = _side(said.get("Occhio", ""), true_is, heading)
    maps: dict[str, Any] = {side: eye}
    return (Topography(**heading.keys(), surface="anterior", **maps),)


def _said(lines: list[str]) -> dict[str, str]:
    """What stands behind a colon or an equals sign, by what stands before it."""
    found: dict[str, str] = {}
    for line in lines:
        name, mark, value = line.partition(":" if ":" in line else "=")
        if mark:
            found.setdefault(name.strip(), value.strip())
    return found


def _eye(lines: list[str], said: dict[str, str], heading: Heading) -> TopographyEye:
    found = {match[1]: match for line in lines if (match := _MERIDIAN.fullmatch(line))}
    k1, k2 = (_meridian(found.get(name)) for name in ("K1", "K2"))
    if k1 is None or k2 is None:
        raise Unread("The simulated keratometry (K1, K2) is not there or no keratometry.")
    for name, key in _KEPT.items():
        if value := said.get(name):
            heading.keep(key, value)
    return TopographyEye(k1=k1, k2=k2, pupil_mm=_within(said.get("Diametro Pupillare Medio", ""), *_PUPIL_MM))


def _meridian(found: re.Match[str] | None) -> Meridian | None:
    power = _within(found[2], *_POWER_D) if found else None
    if found is None or power is None or int(found[3]) > _HALF_TURN:
        return None
    return Meridian(power_d=power, axis=int(found[3]))


def _within(text: str, least: int, most: int) -> Decimal | None:
    if not _VALUE.fullmatch(text):
        return None
    value = Decimal(text.replace(",", "."))
    return value if least <= value <= most else None


def _map(lines: list[str], said: dict[str, str], heading: Heading) -> None:
    """The map stays in the capture; here is how large it is and whether all of it came."""
    rings, rays = said.get("N° Anelli", ""), said.get("N° Semimeridiani", "")
    if not (rings.isdecimal() and rays.isdecimal()):
        raise Unread("The head does not say how many rings and semimeridians the map has.")
    start = next(at for at, line in enumerate(lines) if line.startswith("N° Semimeridiani")) + 1
    values = [line for line in lines[start:] if _VALUE.fullmatch(line)]
    size = int(rings) * int(rays)
    heading.keep("measured", said.get("Dato misurato", ""))
    heading.keep("map", {"rings": int(rings), "semimeridians": int(rays), "missing": sum(map(_missing, values[size:]))})
    if len(values) != 2 * size:
        heading.note("map_incomplete", f"The map has {len(values)} figures and should have {2 * size}.")


def _missing(value: str) -> bool:
    return value in MISSING


def _head(said: dict[str, str], heading: Heading) -> None:
    name, exam = said.get("Paziente", ""), said.get("Esame", "")
    heading.patient_ref = PatientRef(name=name) if name else None
    heading.measured_at = moment(exam)
    if exam and heading.measured_at is None:
        heading.keep("exam", exam)


def _side(said: str, true_is: Literal["right", "left"] | None, heading: Heading) -> str:
    """The eye, when somebody has told what True means."""
    if said in ("True", "False") and true_is is not None:
        return _SIDES[(said == "True") == (true_is == "right")]
    heading.keep("Occhio", said)
    heading.note("eye_unassigned", "The file says True or False of the eye; set which of them is the right one.")
    return "unassigned"
