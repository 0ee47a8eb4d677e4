"""Lines counted from 0: 2 ``Time:``, 6 right eye, 7 ``SE:``, 8 ``PS:``, 9 and 10 gaze, 13 to 17 left eye, 19 ``PD:``.

Source: stormlei/cdc @8a121c6; grade B.
"""

import re
from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, figure, moment, power, text
from protocols.readings import Autorefraction, AutorefractionEye, Reading

_TIME, _DISTANCE = 2, 19
_FIRST = {"right": 6, "left": 13}
PLACES = frozenset({_TIME, _DISTANCE, *(at + more for at in _FIRST.values() for more in range(5))})
_PART = r"[^\d.+-]"
_DIOPTRES = r"([+-]?\d{1,2}\.\d{1,2})(?![A-Za-z])"
_POWER = re.compile(rf"{_PART}*{_DIOPTRES}{_PART}+{_DIOPTRES}{_PART}+(\d{{1,3}})(?![A-Za-z]){_PART}*")
_FIGURE = re.compile(r"([+-]?\d{1,2}(?:\.\d{1,2})?) *(?:D|mm)?")


def print_out(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    lines = [line.strip() for line in text(raw).strip("\x00\x1a").split("\n")]
    if len(lines) <= _DISTANCE and lines[-1]:
        raise Unread("The print-out broke off before the end of a line.")
    lines += [""] * (_DISTANCE + 1 - len(lines))
    if not lines[_TIME].startswith("Time:") or not any(lines[at + 1].startswith("SE:") for at in _FIRST.values()):
        raise Unread("Time: and SE: do not stand in the lines where an SW-800 prints them.")
    heading = Heading(raw, dialect, maker="Suoer", model="SW-800")
    eyes: dict[str, Any] = {side: _eye(side, lines[at : at + 5], heading) for side, at in _FIRST.items()}
    if not any(eyes.values()):
        raise Unread("No line of an eye is sphere, cylinder and axis.")
    _margin(lines, heading)
    return (Autorefraction(**heading.keys(), **eyes),)


def _eye(side: str, lines: list[str], heading: Heading) -> AutorefractionEye | None:
    """Power, spherical equivalent, pupil; the gaze keeps its words, for what is plus nobody has told. Raises Unread."""
    said, equivalent, pupil, *gaze = lines
    for tag, line in zip(("GV", "GH"), gaze, strict=True):
        if line:
            heading.keep(f"{side} {tag}", line)
    found = _POWER.fullmatch(said)
    if found is None:
        if any(letter.isdigit() for letter in said):
            raise Unread(f"The line of the {side} eye is not certainly sphere, cylinder and axis.")
        return None
    return AutorefractionEye(
        **power(found[1], found[2], found[3]),
        se=_figure(side, equivalent, "SE:", (-36, 36), heading),
        pupil_mm=_figure(side, pupil, "PS:", (1, 12), heading),
    )


def _figure(side: str, line: str, tag: str, within: tuple[int, int], heading: Heading) -> Decimal | None:
    said = line.removeprefix(tag).strip()
    found = _FIGURE.fullmatch(said) if line.startswith(tag) else None
    if found:
        return figure(found[1], *within)
    if said:
        heading.unreadable(f"{side} {tag[:2]}", said)
    return None


def _margin(lines: list[str], heading: Heading) -> None:
    time = lines[_TIME].removeprefix("Time:").strip()
    heading.measured_at = moment(time)
    if heading.measured_at is None and time:
        heading.keep("Time", time)
        heading.note("date_unread", "Day and month of the instrument's date cannot be told apart; kept as it came.")
    if lines[_DISTANCE].startswith("PD:") and (distance := lines[_DISTANCE].removeprefix("PD:").strip()):
        heading.keep("PD", distance)  # the eyes look at the instrument, neither far nor near
    if unread := [line for at, line in enumerate(lines) if line and at not in PLACES]:
        heading.extra["text"] = unread
