"""``*KM|R1|L| 8.04| 42.00| 85|``: one meridian of one eye, handed on by the phoropter."""

from protocols.readings import KeratometryEye, Meridian
from protocols.sheet import Margin, blank, degrees, figure
from protocols.tomey_tap.grammar import Line

_MERIDIANS = {"R1": "r1", "R2": "r2"}
_SIDES = {"L": "left", "R": "right"}
Corneas = dict[str, dict[str, Meridian]]


def take(line: Line, corneas: Corneas, margin: Margin) -> None:
    """One line; kept as it came when it is not what it should be."""
    found = _meridian(line) if line.ended and len(line.fields) == 5 else None
    if found is None or found[1] in corneas.get(found[0], {}):
        margin.unreadable(line.tag, line.text)
    elif found[2] is not None:
        corneas.setdefault(found[0], {})[found[1]] = found[2]


def eyes(corneas: Corneas) -> dict[str, KeratometryEye]:
    """Both eyes."""
    return {side: KeratometryEye(r1=one.get("r1"), r2=one.get("r2")) for side, one in corneas.items()}


def _meridian(line: Line) -> tuple[str, str, Meridian | None] | None:
    name, side = _MERIDIANS.get(line.fields[0].strip()), _SIDES.get(line.fields[1].strip())
    if name is None or side is None:
        return None
    if blank(*line.fields[2:]):
        return side, name, None
    radius, power, axis = figure(line.fields[2]), figure(line.fields[3]), degrees(line.fields[4])
    if radius is None or power is None or axis is None:
        return None
    return side, name, Meridian(radius_mm=radius, power_d=power, axis=axis)
