"""VA: acuity without and with correction, and near. Low contrast and glare have no key yet and are kept."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from protocols.readings import AcuityEye
from protocols.xml import Element, Margin
from protocols.xml.optics import present
from protocols.xml.series import SIDES, one

_TESTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("UCVA", {"correction": "unaided", "distance": "far"}),
    ("BCVA", {"correction": "corrected", "distance": "far"}),
    ("NVA", {"distance": "near"}),
)
_KNOWN = (*(name for name, _ in _TESTS), "WorkingDistance")
_NOTATIONS = {
    "decimal": re.compile(r"[<>]?\d(?:[.,]\d+)?[+-]?\d?"),
    "fraction": re.compile(r"[<>]?\d+/\d+(?:[.,]\d+)?[+-]?\d?"),
}


def read(root: Element, margin: Margin) -> Iterator[dict[str, Any]]:
    """The keys of a reading for every test that was done."""
    done = [(test, {side: root.said(f"{letter}/VA/{name}") for letter, side in SIDES.items()}) for name, test in _TESTS]
    for letter in SIDES:
        margin.keep_rest(f"{letter}/VA", root.at(f"{letter}/VA"), _KNOWN)
    for test, shown in done:
        eyes = {side: AcuityEye(va=text) for side, text in shown.items() if text}
        if eyes:
            near = present(distance_cm=_distance(root, margin)) if test["distance"] == "near" else {}
            yield test | near | _notation(list(shown.values())) | eyes


def _notation(shown: list[str]) -> dict[str, str]:
    said = [text for text in shown if text]
    found = [name for name, form in _NOTATIONS.items() if all(form.fullmatch(text) for text in said)]
    return {"notation": found[0]} if found else {}


def _distance(root: Element, margin: Margin) -> Decimal | None:
    tags = [f"{letter}/VA/WorkingDistance" for letter in SIDES]
    told = [margin.figure(root.at(tag), tag, "cm") for tag in tags]
    return one([value for value in told if value is not None])
