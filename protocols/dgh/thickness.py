"""One line of digits.

    velocity 4, number of measurements 2, [average 4,] then 4 a measurement, in micrometres

The average is sent in continuous-average mode only; the count tells both forms apart. Whether blanks part the groups
is not stated, so both are read. There is no eye in it: a person must say which one it was.
Source: DGH 550 Pachette 2 manual, appendix B.
"""

from decimal import Decimal

from protocols.framing import Unread
from protocols.labelled import Heading, figure
from protocols.readings import Pachymetry, PachymetryEye, PachymetryReading, Reading

_VELOCITY = (1400, 2000)  # m/s of sound in tissue; 1640 is usual for a cornea
_THICKNESS = (200, 1100)  # micrometres


def thickness(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading without an eye. Raises Unread."""
    velocity, count, *values = _groups(raw.decode("ascii", "replace").strip())
    average, said = _parted(int(count), values)
    heading = Heading(raw, dialect, maker="DGH", model="DGH 550")
    heading.keep("velocity_m_s", str(figure(velocity, *_VELOCITY)))
    heading.note("eye_unknown", "The instrument does not say which eye it measured; somebody who was there must.")
    eye = PachymetryEye(cct_um=average, readings=tuple(PachymetryReading(cct_um=one) for one in said))
    return (Pachymetry(**heading.keys(), unassigned=eye),)


def _groups(text: str) -> list[str]:
    groups = text.split()
    if len(groups) == 1:
        groups = [text[:4], text[4:6], *(text[at : at + 4] for at in range(6, len(text), 4))]
    widths = [len(group) for group in groups]
    if len(groups) < 3 or widths[0] != 4 or widths[1] > 2 or not all(3 <= width <= 4 for width in widths[2:]):
        raise Unread("The digits do not fall into velocity, count and thicknesses.")
    return groups


def _parted(count: int, groups: list[str]) -> tuple[Decimal | None, list[Decimal]]:
    """The instrument's average, where it sent one, and its measurements. Raises Unread."""
    if count == 0 or len(groups) not in (count, count + 1):
        raise Unread("The number of thicknesses is not the number the instrument announces.")
    values = [figure(group, *_THICKNESS) for group in groups]
    if len(values) == count:
        return None, values
    average, *said = values
    if not min(said) <= average <= max(said):
        raise Unread("The average does not lie among the measurements.")
    return average, said
