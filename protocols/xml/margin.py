"""The margin of a part of a document, and the figures in its elements."""

from collections.abc import Callable, Container
from decimal import Decimal
from typing import TypeVar

from protocols.framing.margin import Margin as Gathered
from protocols.xml.figures import figure, whole_number
from protocols.xml.tree import Element

V = TypeVar("V")


class Margin(Gathered):
    """Collects while a part of a document is read. A ``tag`` is the path below the root, as ``R/AR/ARMedian``."""

    def take(self, other: "Margin") -> None:
        """Take over what another margin collected."""
        self.notes += [note for note in other.notes if note not in self.notes]
        for tag, said in other.extra.items():
            self.keep(tag, said)

    def keep_element(self, tag: str, element: Element | None) -> None:
        """Keep an element with everything below, when it says anything."""
        if element is not None and element.anything():
            self.keep(tag, element.outline())

    def keep_rest(self, tag: str, element: Element | None, known: Container[str]) -> None:
        """Keep every child nobody has a name for."""
        for child in element.children if element is not None else ():
            if child.name not in known or child.space != (element.space if element is not None else ""):
                self.keep_element(f"{tag}/{child.name}" if tag else child.name, child)

    def figure(self, element: Element | None, tag: str, *units: str) -> Decimal | None:
        """The number in an element; a text that is none is kept under ``tag`` and told."""
        return self._value(element, tag, lambda text: figure(text, *units))

    def whole(self, element: Element | None, tag: str, *units: str) -> int | None:
        """The whole number in an element; a text that is none is kept under ``tag`` and told."""
        return self._value(element, tag, lambda text: whole_number(text, *units))

    def axis(self, element: Element | None, tag: str) -> int | None:
        """An axis of 0 to 180 degrees, as received; another text is kept under ``tag`` and told."""
        return self._value(element, tag, _axis)

    def _value(self, element: Element | None, tag: str, parse: Callable[[str], V | None]) -> V | None:
        if element is None or not element.text:
            return None
        value = parse(element.text)
        if value is None:
            self.unreadable(tag, element.text)
        return value


def _axis(text: str) -> int | None:
    degrees = whole_number(text, "deg", "°")
    return degrees if degrees is not None and degrees <= 180 else None
