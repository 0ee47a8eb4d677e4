"""Lines counted from 0: 3 age range, 5 right eye, 6 left eye, 7 pupils, 8 their distance, 9 gaze, 12 or 13 the time.

    OD -0.75 DS -0.50 DC @90 -1.00 SE

Source: stormlei/cdc @8a121c6; grade B.
"""

import re
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, figure, moment, power, text
from protocols.readings import Autorefraction, AutorefractionEye, Reading

_NUMBER = r"([+-]?\d{1,2}\.\d{1,2})"
_SPHERE, _CYLINDER, _SE = (re.compile(rf"(?<![\d.+-]){_NUMBER} ?{unit}\b") for unit in ("DS", "DC", "SE"))
_AXIS = re.compile(r"@ ?(\d{1,3})(?![\d.])")
_BEGUN = re.compile(r"\d ?D[SC]\b|@")
_LABEL = re.compile(r"\W*(OD|OS)\b")
_MILLIMETRES = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,2})?) ?mm\b")
_GAZE = re.compile(r"[+-]?\d{1,2}")
_AGES = re.compile(r"\d+ ?[ym] ?- ?\d+ ?[ym]")
_TIME = re.compile(r"\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{1,2} [ap]m")
_SIDES = {"OD": "right", "OS": "left"}
_PLACES = {5: "right", 6: "left"}
_PUPILS, _DISTANCE, _GAZES, _TIMES = 7, 8, 9, (12, 13)


def print_out(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    lines = [line.strip() for line in text(raw).strip("\x00\x1a").split("\n")]
    heading = Heading(raw, dialect, maker="Welch Allyn", model="Spot VS100")
    eyes = _eyes(lines)
    if not eyes:
        raise Unread("No line of an eye with DS, DC and @ stands where a Spot prints it.")
    unread = _margin(lines, eyes, heading)
    if unread:
        heading.extra["text"] = unread
    read: dict[str, Any] = {side: AutorefractionEye(**said) for side, said in eyes.items()}
    return (Autorefraction(**heading.keys(), **read),)


def _eyes(lines: list[str]) -> dict[str, dict[str, Any]]:
    """Each eye by its name, or without one by its line. Raises Unread."""
    eyes: dict[str, dict[str, Any]] = {}
    for at, line in enumerate(lines):
        if not _BEGUN.search(line):
            continue
        said, label = _eye(line), _LABEL.match(line)
        side = _SIDES[label[1]] if label else _PLACES.get(at)
        if not said or side is None or side in eyes or at == len(lines) - 1:
            raise Unread("A line of an eye broke off, stands where none belongs, or stands twice.")
        eyes[side] = said
    return eyes


def _eye(line: str) -> dict[str, Any]:
    sphere, cylinder, axis = (found.findall(line) for found in (_SPHERE, _CYLINDER, _AXIS))
    if not (len(sphere) == len(cylinder) == len(axis) == 1):
        return {}
    equivalent = _SE.findall(line)
    return power(sphere[0], cylinder[0], axis[0]) | ({"se": figure(equivalent[0], -36, 36)} if equivalent else {})


def _margin(lines: list[str], eyes: dict[str, dict[str, Any]], heading: Heading) -> list[str]:
    """Take what the other lines say; answer with those that say nothing we know."""
    unread = []
    for at, line in enumerate(lines):
        if at in _TIMES and (time := _TIME.search(line)):
            heading.measured_at = moment(time[0])
        elif at == _PUPILS and len(pupils := _MILLIMETRES.findall(line)) == 2:
            for side, pupil in zip(("right", "left"), pupils, strict=True):
                if side in eyes:
                    eyes[side]["pupil_mm"] = figure(pupil, 1, 12)
        elif at == _DISTANCE and len(distance := _MILLIMETRES.findall(line)) == 1:
            heading.keep("PD", distance[0])  # the eyes look at the instrument, neither far nor near
        elif at == _GAZES and len(gaze := _GAZE.findall(line)) == 4:
            heading.keep("gaze", gaze)
        elif ages := _AGES.fullmatch(line):
            heading.keep("age_range", ages[0])
        elif line and not _eye(line):
            unread.append(line)
    return unread
