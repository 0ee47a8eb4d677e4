"""FA-6500K and Unicos URK-700: text with R, L and PD; what matters is the order of its seven figures.

    R  sphere cylinder axis  L  sphere cylinder axis  PD  distance

What stands between them is not proved. Only powers with two decimals, axes without any and a distance behind PD are
believed, and no eighth figure. Source: stormlei/cdc @8a121c6; grade B.
"""

import re
from typing import Any

from protocols.labelled import Heading, power, pupils, unnamed
from protocols.readings import Autorefraction, AutorefractionEye, Reading

_PART = rb"[^0-9.+RL-]{0,16}"
_POWER = rb"([+-]?[ ]?\d{1,2}\.\d\d)(?!\d)"
_EYE = _PART + _POWER + _PART + _POWER + _PART + rb"(\d{1,3})(?![\d.])" + _PART
BEGINS = rb"(?<![A-Za-z0-9+.-])R(?![,A-Z])" + _EYE + rb"(?<![A-Za-z])L(?![,A-Z])" + _EYE
BEGINS += rb"(?<![A-Za-z])PD" + _PART + rb"(0?[4-8]\d(?:\.\d)?)(?!\d)"

_WHOLE = re.compile(BEGINS)


def read(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    heading = Heading(raw, dialect)
    heading.notes.append(unnamed("Xinyuan's FA-6500K and Unicos' URK-700"))
    figures = [text.decode() for text in _WHOLE.match(raw).groups()]  # type: ignore[union-attr]
    eyes: dict[str, Any] = {
        side: AutorefractionEye(**power(*figures[at : at + 3])) for side, at in (("right", 0), ("left", 3))
    }
    return (Autorefraction(**heading.keys(), pd=pupils({"both": figures[6]}, heading), **eyes),)
