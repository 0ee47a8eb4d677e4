"""FR-8900: ``R,`` and 23 characters with sphere, cylinder and axis, ``L,`` the same, ``PD`` and two digits.

What parts the figures within the 23 characters is not proved. Source: stormlei/cdc @8a121c6; grade B.
"""

import re
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, power, pupils
from protocols.readings import Autorefraction, AutorefractionEye, Reading

_RIGHT, _LEFT = (rb"(?<![A-Za-z0-9])" + letter + rb",(?=[ ,]{0,6}[+-]?\d)" for letter in (b"R", b"L"))
BEGINS = _RIGHT + rb"(?:(?!R,)[\x00-\xff]){0,120}?" + _LEFT + rb"|" + _RIGHT + rb"|" + _LEFT

_LETTERS = {"right": re.compile(_RIGHT), "left": re.compile(_LEFT)}
_WIDTH = 23
_PART = r"[^0-9A-Za-z.+-]"
_POWER = r"([+-]?\d\d\.\d\d)"
_EYE = re.compile(rf"{_PART}*{_POWER}(?={_PART}|[+-]){_PART}*{_POWER}{_PART}+(\d{{1,3}})(?![\d.])[^0-9]*")
_PD = re.compile(rb"PD[^0-9A-Za-z]?(\d\d)(?![\d])")


def read(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    heading = Heading(raw, dialect, maker="Faliao", model="FR-8900")
    eyes: dict[str, Any] = {side: _eye(raw, letter) for side, letter in _LETTERS.items()}
    distance = _PD.search(raw)
    pd = pupils({"both": distance[1].decode()} if distance else {}, heading)
    return (Autorefraction(**heading.keys(), pd=pd, **eyes),)


def _eye(raw: bytes, letter: re.Pattern[bytes]) -> AutorefractionEye | None:
    found = letter.search(raw)
    if found is None:
        return None
    if letter.search(raw, found.end()):
        raise Unread("An eye stands in the print-out twice.", found.start())
    said = raw[found.end() : found.end() + _WIDTH].decode("latin-1")
    line = _EYE.fullmatch(said)
    if len(said) < _WIDTH or line is None:
        raise Unread("The 23 characters of an eye are not sphere, cylinder and axis.", found.start())
    return AutorefractionEye(**power(line[1], line[2], line[3]))
