"""A print-out of two lenses as key=value pairs.

    LM2RK   No=00036   R: S=-04.50 C=-00.50 A=103 PX=+00.25 PY=+04.00 PD=00.0 ADD=+2.00 UR=  0   L: …   E$

Source: real output quoted in ukinoki/Rufus @70a2597 ``procedures.cpp``; grade A for the form, B for the meaning.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, axis, cylinder, figure, sphere, unnamed
from protocols.readings import Lensmetry, LensmetryEye, Pd, Prism, PrismComponent, Reading

HEADING = rb"LM[0-9A-Z]{1,6}[ \t]+No=\d"

_PAIR = r"[A-Z]+=[ ]*[^\s=]+"
_LENS = rf"((?:[ \t]*{_PAIR})+)"
_WHOLE = re.compile(rf"LM\w+[ \t]+No=(\d+)(?:[ \t]+R:{_LENS})?(?:[ \t]+L:{_LENS})?[ \t]+E\$?[\s\x00]*")
_PAIRS = re.compile(r"([A-Z]+)=[ ]*([^\s=]+)")
_SIGNED = re.compile(r"[+-]\d{1,2}\.\d\d")
_MONOCULAR = (20, 45)  # mm from the nose to one pupil; more could only be the distance of both
_MAKERS = "Visionix and Huvitz"

Taken = dict[str, Any]


def lenses(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    whole = _WHOLE.fullmatch(raw.decode("latin-1"))
    if whole is None:
        raise Unread("The pairs of the lenses are not whole, or E is not at their end.")
    heading = Heading(raw, dialect)
    heading.notes.append(unnamed(_MAKERS))
    heading.print_number = whole[1]
    sides = {"right": _taken("R", whole[2], heading), "left": _taken("L", whole[3], heading)}
    eyes: Taken = {side: _lens(taken) for side, taken in sides.items()}
    if not any(eyes.values()):
        raise Unread("No lens in the print-out could be read.")
    pd = {f"far_{side}": taken["PD"] for side, taken in sides.items() if "PD" in taken}
    return (Lensmetry(**heading.keys(), pd=Pd(**pd) if pd else None, **eyes),)


def _taken(letter: str, said: str | None, heading: Heading) -> Taken:
    """The values of one lens; a pair that cannot be read is kept and told."""
    taken: Taken = {}
    for key, text in _PAIRS.findall(said or ""):
        if key not in _READ or key in taken or (key in _UV and not text.strip("0.")):
            heading.keep(f"{letter} {key}", text)
            continue
        try:
            taken[key] = _READ[key](text)
        except Unread:
            heading.unreadable(f"{letter} {key}", text)
    return {key: value for key, value in taken.items() if value is not None}


def _lens(taken: Taken) -> LensmetryEye | None:
    powers = {name: taken[key] for key, name in _POWERS.items() if key in taken}
    if not powers:
        return None
    prisms: Taken = {name: PrismComponent(power=taken[key]) for key, name in _PRISMS.items() if key in taken}
    return LensmetryEye(
        **powers,
        add=taken.get("ADD"),
        prism=Prism(**prisms) if prisms else None,
        uv_transmittance=taken.get("UR", taken.get("UL")),
    )


def _signed(read: Callable[[str], Decimal]) -> Callable[[str], Decimal]:
    def taken(text: str) -> Decimal:
        if not _SIGNED.fullmatch(text):  # without a checksum, a figure that lost a digit shows in its form alone
            raise Unread("A power does not have the form it should have.")
        return read(text)

    return taken


def _distance(text: str) -> Decimal | None:
    return figure(text, *_MONOCULAR) if text.strip("0.") else None


_POWERS = {"S": "sphere", "C": "cylinder", "A": "axis"}
_UV = ("UR", "UL")  # 0 may mean that none was measured
_PRISMS = {"PX": "horizontal", "PY": "vertical"}
_READ: dict[str, Callable[[str], Any]] = {
    "S": _signed(sphere),
    "C": _signed(cylinder),
    "A": axis,
    "PX": _signed(lambda text: figure(text, -20, 20)),
    "PY": _signed(lambda text: figure(text, -20, 20)),
    "ADD": _signed(lambda text: figure(text, 0, 10)),
    "PD": _distance,
    "UR": lambda text: figure(text, 0, 100),
    "UL": lambda text: figure(text, 0, 100),
}
