"""The text a TonoCare prints: the last four readings as whole numbers, their average with one decimal.

The layout on paper has not been seen. What makes a figure a reading is therefore not its place but the average behind
it, which must agree with the readings before it; nothing else is taken. Source: Keeler TonoCare manual, which tells
what is printed and how the line is set.
"""

import re
from decimal import Decimal
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, figure, moment
from protocols.readings import IopReading, Reading, Tonometry, TonometryEye

_LABEL = re.compile(r"[ \t]*(?:(right|od|re|r)|(left|os|le|l))(?:[ \t]*eye)?(?![A-Za-z])", re.IGNORECASE)
_TIME = re.compile(r"\d:\d\d|\d{4}")
_FIGURE = re.compile(r"(?<![\w.,:/+-])(\d{1,2})(\.\d)?(?![\w:/-]|[.,]\d)")
_MOST_READINGS = 4
_UNTOLD = ""

Blocks = dict[str, list[str]]


def pressures(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    heading = Heading(raw, dialect, maker="Keeler", model="TonoCare")
    blocks = _blocks(raw.decode("latin-1"), heading)
    eyes = {side: _eye(texts) for side, texts in blocks.items() if texts}
    if not eyes:
        raise Unread("No readings with their average stand in the text.")
    if _UNTOLD in eyes:
        if len(eyes) > 1:
            raise Unread("Figures stand before the first eye is named.")
        return (_of_no_eye(eyes[_UNTOLD], heading),)
    keys: dict[str, Any] = {**eyes}
    return (Tonometry(**heading.keys(), **keys),)


def _blocks(text: str, heading: Heading) -> Blocks:
    """The figures of each eye, up to and with its average. Raises Unread."""
    blocks: Blocks = {}
    side = _UNTOLD
    for line in re.split(r"[\r\n]+", text):
        if _TIME.search(line):
            heading.measured_at = heading.measured_at or moment(
                re.sub(r"^[A-Za-z ]*[:=]?[ \t]*(?=\d)", "", line.strip())
            )
            continue
        label = _LABEL.match(line)
        side = side if label is None else "right" if label[1] else "left"
        if label and side in blocks:
            raise Unread("An eye stands in the text twice.")
        said = blocks.setdefault(side, [])
        said += [found[0] for found in _FIGURE.finditer(line, label.end() if label else 0)]
    return blocks


def _eye(texts: list[str]) -> TonometryEye:
    """Readings and the average that agrees with them. Raises Unread."""
    *readings, average = [figure(text, 1, 80) for text in texts]
    whole = not any("." in text for text in texts[:-1]) and "." in texts[-1]
    if not (whole and 1 <= len(readings) <= _MOST_READINGS):
        raise Unread("An eye is not up to four whole readings and their average with one decimal.")
    if abs(sum(readings, Decimal(0)) / len(readings) - average) >= Decimal("0.1"):
        raise Unread("The average does not agree with the readings before it.")
    return TonometryEye(iop_mmhg=average, readings=tuple(IopReading(iop_mmhg=one) for one in readings))


def _of_no_eye(eye: TonometryEye, heading: Heading) -> Reading:
    heading.extra["readings_mmhg"] = [str(one.iop_mmhg) for one in eye.readings]
    heading.keep("average_mmhg", str(eye.iop_mmhg))
    heading.note("eye_unknown", "The instrument does not say which eye it measured; somebody who was there must.")
    return Tonometry(**heading.keys())
