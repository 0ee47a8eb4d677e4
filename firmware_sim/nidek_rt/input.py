"""What a phoropter understands of what a computer sends it; its own reading of the manual, shared with nobody."""

import re
from decimal import Decimal
from typing import Any

_BLOCKS = re.compile(r"(D[A-Za-z]{2})\x02((?:[^\x17]*\x17)*?)(?=D[A-Za-z]{2}\x02|$)")
_POWER = re.compile(r"([O ])([RL])([+-]\d\d\.\d\d)([+-]\d\d\.\d\d)(\d{3})")
_ADD = re.compile(r"A([RL])([+-]\d\d\.\d\d)")
_PRISM = re.compile(r"P([RL])(\d\d\.\d\d)([IOUD])")
_POLAR = re.compile(r"P([RL])(\d\d\.\d\d)|B([RL])(\d{3})")
_DISTANCE = re.compile(r"PD(\d\d)")
_PLACES = {"DRM": "IN+AR", "Drm": "IN+AR night", "DLM": "IN+LM", "Dlm": "IN+LM night"}
_SIDES = {"R": "right", "L": "left"}


def understood(message: bytes) -> dict[str, Any] | None:
    """What came in, by the place where the operator finds it; nothing when a line is not as it has to be."""
    text = message.decode("latin-1").removeprefix("\x01").removesuffix("\x04")
    found: dict[str, Any] = {}
    for header, body in _BLOCKS.findall(text):
        read = _patient(body) if header == "DRL" else _values(body)
        if read is None or (header != "DRL" and header not in _PLACES):
            return None
        found[_PLACES.get(header, "patient")] = read
    return found


def _patient(body: str) -> str | None:
    line = body.removesuffix("\x17")
    return line[2:].strip() if line.startswith("ID") and len(line) == 14 else None


def _values(body: str) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for line in body.split("\x17")[:-1]:
        if not _line(line, values):
            return None
    return values


def _line(line: str, values: dict[str, Any]) -> bool:
    if power := _POWER.fullmatch(line):
        values.setdefault(_SIDES[power[2]], {}).update(
            sphere=str(Decimal(power[3])), cylinder=str(Decimal(power[4])), axis=int(power[5])
        )
    elif add := _ADD.fullmatch(line):
        values.setdefault(_SIDES[add[1]], {})["add"] = str(Decimal(add[2]))
    elif prism := _PRISM.fullmatch(line):
        values.setdefault(_SIDES[prism[1]], {}).setdefault("prism", {})[prism[3]] = str(Decimal(prism[2]))
    elif polar := _POLAR.fullmatch(line):
        side, name = _SIDES[polar[1] or polar[3]], "power" if polar[1] else "base_deg"
        values.setdefault(side, {}).setdefault("prism", {})[name] = (
            str(Decimal(polar[2])) if polar[1] else int(polar[4])
        )
    elif pd := _DISTANCE.fullmatch(line):
        values["pd"] = int(pd[1])
    else:
        return False
    return True
