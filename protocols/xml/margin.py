"""The margin of a reading: what has no key yet, by the instrument's own tag, and what a person should know."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from protocols.readings import Note
from protocols.xml.figures import figure, whole_number
from protocols.xml.tree import Element

V = TypeVar("V")


class Margin:
    """Collects while a part of a document is read."""

    def __init__(self, notes: tuple[Note, ...] = ()) -> None:
        self.notes: list[Note] = list(notes)
        self.extra: dict[str, Any] = {}

    def note(self, code: str, text: str) -> None:
        """Tell a person, once."""
        remark = Note(code=code, text=text)
        if remark not in self.notes:
            self.notes.append(remark)

    def keep(self, tag: str, said: Any) -> None:
        """Keep what was said under its tag; a tag that comes again turns its entry into a list."""
        if tag not in self.extra:
            self.extra[tag] = said
        elif isinstance(self.extra[tag], list):
            self.extra[tag].append(said)
        else:
            self.extra[tag] = [self.extra[tag], said]

    def keep_element(self, tag: str, element: Element | None) -> None:
        """Keep an element with everything below, when it says anything."""
        if element is not None and element.anything():
            self.keep(tag, element.outline())

    def figure(self, element: Element | None, tag: str) -> Decimal | None:
        """The number in an element; a text that is none is kept under ``tag`` and told."""
        return self._value(element, tag, figure)

    def whole(self, element: Element | None, tag: str) -> int | None:
        """The whole number in an element; a text that is none is kept under ``tag`` and told."""
        return self._value(element, tag, whole_number)

    def axis(self, element: Element | None, tag: str) -> int | None:
        """An axis of 0 to 180 degrees, as received; another text is kept under ``tag`` and told."""
        return self._value(element, tag, _axis)

    def unreadable(self, tag: str, said: str) -> None:
        """A text that is not what its place asks for."""
        self.keep(tag, said)
        self.note("unreadable_field", f"{tag!r} does not have the form it should have; kept as it came.")

    def _value(self, element: Element | None, tag: str, parse: Callable[[str], V | None]) -> V | None:
        if element is None or not element.text:
            return None
        value = parse(element.text)
        if value is None:
            self.unreadable(tag, element.text)
        return value


def _axis(text: str) -> int | None:
    degrees = whole_number(text)
    return degrees if degrees is not None and degrees <= 180 else None
