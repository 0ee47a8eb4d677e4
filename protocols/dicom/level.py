"""One level of an object: attributes asked for by keyword, and whatever nobody asked for.

A level remembers what it was asked, so that ``rest`` can hand over everything else that was measured. It never raises:
what cannot be decoded is absent, with a note.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from pydicom.datadict import dictionary_description
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

from protocols.dicom.grammar import DEEPEST, DESCRIPTIVE, MOST_ITEMS, OPHTHALMIC
from protocols.dicom.journal import Journal
from protocols.dicom.numbers import of_double, of_single, of_text
from protocols.dicom.plain import cleaned, named, told


class Code(NamedTuple):
    """A coded concept: which list, its number there, and the words beside it (which decide nothing)."""

    scheme: str
    value: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.meaning} ({self.value} {self.scheme})".strip()


class Level:
    """A data set or an item of a sequence."""

    def __init__(self, dataset: Dataset, journal: Journal, depth: int = 0) -> None:
        self.dataset = dataset
        self.journal = journal
        self.depth = depth
        self._asked: set[int] = set()
        self._inner: dict[str, list[Level]] = {}
        self.kept: dict[str, Any] = {}

    def text(self, keyword: str) -> str | None:
        """A text without its padding; several values with commas between them."""
        element = self._element(keyword)
        if element is None or element.VR == "SQ" or isinstance(element.value, bytes):
            return None
        text = ", ".join(word for one in _values(element.value) if (word := cleaned(one)))
        if "\ufffd" in text:
            self.journal.note("characters_lost", "Some characters do not belong to the character set the object names.")
        return text or None

    def number(self, keyword: str) -> Decimal | None:
        """The only value of a number, by the rule of ``numbers``."""
        return next(iter(self.numbers(keyword)), None)

    def numbers(self, keyword: str) -> list[Decimal]:
        """Every value of a number."""
        element = self._element(keyword)
        if element is None or element.VR == "SQ":
            return []
        found = [decimal(value, element.VR) for value in _values(element.value)[:MOST_ITEMS]]
        if None in found:
            self.keep(keyword, told(element, self.journal))
            self.journal.note("unreadable_field", f"{_said(keyword)} is no number an instrument can mean.")
        return [number for number in found if number is not None]

    def measured(self, keyword: str) -> Decimal | None:
        """A length, radius or power that cannot be nothing: zero says that it was not measured."""
        return self.number(keyword) or None

    def count(self, keyword: str) -> int | None:
        """A whole number that is not negative."""
        number = self.number(keyword)
        return int(number) if number is not None and number == int(number) and number >= 0 else None

    def axis(self, keyword: str) -> int | None:
        """Whole degrees from 0 to 180; anything else stays as it came and is no axis."""
        number = self.number(keyword)
        if number is None:
            return None
        if number == int(number) and 0 <= number <= 180:
            return int(number)
        self.keep(keyword, str(number))
        self.journal.note(
            "axis_not_whole", f"{_said(keyword)} is no whole degree from 0 to 180; it is kept as it came."
        )
        return None

    def items(self, keyword: str) -> list["Level"]:
        """The items of a sequence, at most MOST_ITEMS."""
        if keyword not in self._inner:
            self._inner[keyword] = self._opened(keyword)
        return self._inner[keyword]

    def _opened(self, keyword: str) -> list["Level"]:
        element = self._element(keyword)
        if element is None or not isinstance(element.value, Sequence) or self.depth >= DEEPEST:
            return []
        allowed = self.journal.look(min(len(element.value), MOST_ITEMS))
        return [Level(item, self.journal, self.depth + 1) for item in element.value[:allowed]]

    def item(self, keyword: str) -> "Level | None":
        """The first item of a sequence."""
        return next(iter(self.items(keyword)), None)

    def code(self, keyword: str) -> Code | None:
        """The first coded concept of a sequence."""
        found = self.item(keyword)
        return found.as_code() if found else None

    def as_code(self) -> Code | None:
        """This item as a coded concept."""
        words = [self.text(word) or "" for word in ("CodingSchemeDesignator", "CodeValue", "CodeMeaning")]
        value = words[1] or self.text("LongCodeValue") or self.text("URNCodeValue") or ""
        return Code(words[0], value, words[2]) if value or words[2] else None

    def ask(self, *tags: BaseTag) -> None:
        """Whoever reads attributes without their keyword says so, that they are not left over."""
        self._asked.update(tags)

    def keep(self, name: str, value: Any) -> None:
        """Keep a value that has no key."""
        if value not in (None, "", [], {}):
            self.kept[name] = value

    def rest(self) -> dict[str, Any]:
        """What was measured and has no key, by keyword; inner levels in a list under the keyword of their sequence."""
        inner = {keyword: [left for one in levels if (left := one.rest())] for keyword, levels in self._inner.items()}
        alone = {keyword: found[0] if len(found) == 1 else found for keyword, found in inner.items() if found}
        return self.kept | alone | dict(self._unasked())

    def _unasked(self) -> Iterator[tuple[str, Any]]:
        for tag in list(self.dataset.keys()):
            if tag in self._asked or not self._kept_kind(tag):
                continue
            try:
                element = self.dataset[tag]
                text = told(element, self.journal, self.depth)
            except Exception:  # pydicom raises whatever its decoders raise
                self.journal.note(
                    "unreadable_field", "A further attribute cannot be decoded; it stays in the file only."
                )
                continue
            if text:
                yield named(element), text

    def _kept_kind(self, tag: BaseTag) -> bool:
        """At the top what is of the eye or the maker's own or describes it; inside, everything."""
        if tag.is_private:
            return not tag.is_private_creator and tag.element != 0
        return self.depth > 0 or tag.group in OPHTHALMIC or tag in DESCRIPTIVE

    def _element(self, keyword: str) -> DataElement | None:
        tag = Tag(keyword)
        self._asked.add(tag)
        try:
            element = self.dataset.get(tag)
        except Exception:  # pydicom raises whatever its decoders raise
            self.journal.note("unreadable_field", f"{_said(keyword)} cannot be decoded; it stays in the file only.")
            return None
        return element if isinstance(element, DataElement) and element.value is not None else None


def decimal(value: Any, vr: str) -> Decimal | None:
    """A value of a numeric representation."""
    if vr in ("FL", "OF"):
        return of_single(float(value))
    if vr in ("FD", "OD"):
        return of_double(float(value))
    if isinstance(value, bytes):
        return None
    return of_text(str(getattr(value, "original_string", None) or value))


def _values(value: Any) -> list[Any]:
    values = value if isinstance(value, MultiValue | list) else [value]
    return [one for one in values if one is not None and one != ""]


def _said(keyword: str) -> str:
    return dictionary_description(keyword)
