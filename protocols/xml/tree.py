"""One element of a document."""

from collections.abc import Iterator
from typing import Any


class Element:
    """A name without its prefix, the last part of its namespace, attributes, its own text and its children.

    ``space`` is the last path part of the namespace (``REF`` of ``http://…/namespaces/REF``); of a prefix that
    nobody declared, the prefix without ``ns``; empty where there is neither. ``text`` carries no blanks at its ends.
    """

    __slots__ = ("_given", "children", "name", "space", "text")

    def __init__(self, name: str, space: str, given: dict[str, str]) -> None:
        self.name, self.space, self._given = name, space, given
        self.text = ""
        self.children: list[Element] = []

    @property
    def attributes(self) -> dict[str, str]:
        """By their names in lower case, for firmware disagrees about ``type`` and ``Type``; no namespaces."""
        said = ((key, value.strip()) for key, value in self._given.items() if not declares(key))
        return {key.rpartition(":")[2].lower(): value for key, value in said}

    def get(self, name: str) -> "Element | None":
        """The first child of this name that belongs to the same vocabulary as its parent."""
        space = self.space
        for child in self.children:
            if child.name == name and child.space == space:
                return child
        return None

    def each(self, name: str) -> "Iterator[Element]":
        """Every child of this name that belongs to the same vocabulary as its parent."""
        return (child for child in self.children if child.name == name and child.space == self.space)

    def at(self, path: str) -> "Element | None":
        """The first at the end of a path such as ``AR/ARMedian``."""
        found: Element | None = self
        for name in path.split("/"):
            found = found.get(name) if found is not None else None
        return found

    def said(self, path: str) -> str:
        """The text at the end of a path; empty where there is none."""
        found = self.at(path)
        return found.text if found is not None else ""

    def attribute(self, name: str) -> str:
        """An attribute by its name in lower case; empty where there is none."""
        return self.attributes.get(name, "")

    def anything(self) -> bool:
        """Whether any text stands in it or below it."""
        return bool(self.text) or any(child.anything() for child in self.children)

    def outline(self) -> Any:
        """What it says, as plain data: a text, or attributes and what stands below; empty parts are left out."""
        below: dict[str, Any] = {}
        for child in self.children:
            if child.anything():
                _add(below, child.name, child.outline())
        marks = {f"@{name}": value for name, value in self.attributes.items() if name != "unit" and value}
        if not below and not marks:
            return self.text
        return marks | ({"text": self.text} if self.text else {}) | below


def declares(attribute: str) -> bool:
    """Whether an attribute declares a namespace."""
    return attribute == "xmlns" or attribute.startswith("xmlns:")


def _add(below: dict[str, Any], name: str, said: Any) -> None:
    if name not in below:
        below[name] = said
    elif isinstance(below[name], list):
        below[name].append(said)
    else:
        below[name] = [below[name], said]
