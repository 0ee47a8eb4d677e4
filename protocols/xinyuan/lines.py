"""FA-6500: a line ``R``, lines ``S v``, ``C v``, ``A v``, ``PD v``, a line ``L`` and the same again; each ends in LF.

Source: stormlei/cdc @8a121c6; grade B.
"""

import re
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, power, pupils
from protocols.readings import Autorefraction, AutorefractionEye, Reading

_RIGHT, _LEFT = (rb"(?<![^\r\n])" + letter + rb"[ \t]*\r?\n(?=S )" for letter in (b"R", b"L"))
BEGINS = _RIGHT + rb"(?:(?!\nR[ \t]*\r?\n)[\x00-\xff]){0,160}?" + _LEFT + rb"|" + _RIGHT + rb"|" + _LEFT
FIRST = re.compile(_RIGHT + rb"|" + _LEFT)

_KNOWN = ("S", "C", "A", "PD")
_SIDES = {"R": "right", "L": "left"}
_LINE = re.compile(r"([A-Z]{1,4}) +(\S+)")
_POWER = re.compile(r"[+-]?\d{1,2}\.\d\d")

Said = dict[str, dict[str, str]]


def read(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    heading = Heading(raw, dialect, maker="Xinyuan", model="FA-6500")
    said = _said(raw.decode("latin-1"), heading)
    eyes: dict[str, Any] = {side: _eye(figures) for side, figures in said.items()}
    for side, letter, text in [(side, *one) for side, figures in said.items() for one in figures.items()]:
        if letter not in _KNOWN:
            heading.keep(f"{side} {letter}", text)
    pd = pupils({side: figures["PD"] for side, figures in said.items() if "PD" in figures}, heading)
    return (Autorefraction(**heading.keys(), pd=pd, **eyes),)


def _said(text: str, heading: Heading) -> Said:
    """The figures under each eye, by their letter. Raises Unread."""
    said: Said = {}
    *lines, rest = text.split("\n")  # a line without its LF may have lost figures, and is none
    figures: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        found = _LINE.fullmatch(line)
        if line in _SIDES and _SIDES[line] not in said:
            figures = said.setdefault(_SIDES[line], {})
        elif found and found[1] not in figures:
            figures[found[1]] = found[2]
        else:
            heading.unreadable("line", line)
    if rest.strip():
        raise Unread("The last line has no end: it broke off.")
    return said


def _eye(figures: dict[str, str]) -> AutorefractionEye:
    sphere, cylinder, axis = (figures.get(letter, "") for letter in "SCA")
    if not (_POWER.fullmatch(sphere) and _POWER.fullmatch(cylinder)):
        raise Unread("An eye lacks sphere, cylinder or axis, or one of them twice.")
    return AutorefractionEye(**power(sphere, cylinder, axis))
