"""FR-710: records parted by ``#!>`` that name ``REFR`` or ``REFL``; sphere, cylinder and axis stand at fixed offsets.

    #!> … REFR …  S 26-31, C 32-37, A 38-40 … #!> … REFL …

Each record is read by its own name, never by its place. Source: stormlei/cdc @8a121c6; grade B.
"""

import re
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, power
from protocols.readings import Autorefraction, AutorefractionEye, Reading

MARK = b"#!>"
_NO_MARK = rb"(?:(?!#!>)[\x00-\xff])"
_TOP = MARK + _NO_MARK + rb"{0,22}"
BEGINS = _TOP + rb"REF(?:R" + _NO_MARK + rb"{0,200}?" + _TOP + rb"REFL|[RL])"

_NAMES = {"right": "REFR", "left": "REFL"}
_POWER = slice(26, 41)
_FIGURES = re.compile(r"([ +-][ \d]\d\.\d\d)([ +-][ \d]\d\.\d\d)([ \d]{2}\d)")


def read(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    records = raw.decode("latin-1").split(MARK.decode())[1:]
    eyes: dict[str, Any] = {side: _eye(records, name) for side, name in _NAMES.items()}
    heading = Heading(raw, dialect, maker="Faliao", model="FR-710")
    return (Autorefraction(**heading.keys(), **eyes),)


def _eye(records: list[str], name: str) -> AutorefractionEye | None:
    found = [record for record in records if name in record[: _POWER.start]]
    if not found:
        return None
    line = _FIGURES.fullmatch(found[0][_POWER])
    if len(found) > 1 or line is None:
        raise Unread("A record of an eye stands twice, or has no sphere, cylinder and axis where they belong.")
    return AutorefractionEye(**power(line[1], line[2], line[3]))
