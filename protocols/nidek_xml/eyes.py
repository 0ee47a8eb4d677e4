"""Both eyes of a document, and the sizes measured in them."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from protocols.xml import Element, Margin
from protocols.xml.series import SIDES, one

T = TypeVar("T")


def both(root: Element, name: str, read: Callable[[Element, str], T | None]) -> dict[str, T]:
    """What ``read`` makes of this element of either eye; an eye without it is left out."""
    found = {side: _eye(root, letter, name, read) for letter, side in SIDES.items()}
    return {side: eye for side, eye in found.items() if eye is not None}


def _eye(root: Element, letter: str, name: str, read: Callable[[Element, str], T | None]) -> T | None:
    element = root.at(f"{letter}/{name}")
    return read(element, f"{letter}/{name}") if element is not None and element.anything() else None


def size(root: Element, path: str, name: str, margin: Margin) -> Decimal | None:
    """A size in millimetres from its list; several that differ are kept, and none is chosen."""
    element = root.at(path)
    if element is None:
        return None
    known = [margin.figure(entry.get("Size"), f"{path}/{name}/Size", "mm") for entry in element.each(name)]
    sizes = [value for value in known if value is not None]
    chosen = one(sizes)
    if sizes and chosen is None:
        margin.keep_element(path, element)
        margin.note("representative_missing", f"The instrument chose none of the values of {path}.")
    return chosen
