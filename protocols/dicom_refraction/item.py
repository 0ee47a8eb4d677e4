"""One level of an object: attributes asked for by keyword, and whatever nobody asked for.

A level remembers what it was asked, so that ``rest`` can hand over everything else that was measured.
"""

import re
from decimal import Decimal
from typing import Any

from pydicom.datadict import dictionary_description, dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

from protocols.dicom_refraction.part10 import whole
from protocols.framing import Unread
from protocols.readings import Note

OPHTHALMIC = frozenset({0x0022, 0x0024, 0x0046})
MOST_LEFT = 64  # attributes kept beyond those with a key
LONGEST_LEFT = 256  # characters of one of them
DEEPEST_LEFT = 4
_LINES = re.compile(r"[\t\n\f\r]+")  # allowed in comments
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Item:
    """A data set or an item of a sequence; ``notes`` and the room for leftovers are shared by a whole object."""

    def __init__(self, dataset: Dataset, notes: list[Note] | None = None) -> None:
        self._dataset = whole(dataset)
        self.notes: list[Note] = [] if notes is None else notes
        self._asked: set[int] = set()
        self._inner: list[tuple[str, Item]] = []
        self.kept: dict[str, Any] = {}

    def text(self, keyword: str) -> str | None:
        """A text without its padding; several values with commas between them."""
        element = self._element(keyword)
        if element is None or element.VR == "SQ" or isinstance(element.value, bytes):
            return None
        words = [_LINES.sub(" ", str(value)).strip(" \x00") for value in _values(element.value)]
        text = ", ".join(word for word in words if word)
        if _CONTROL.search(text):
            self.note("unreadable_field", f"{_said(keyword)} holds control characters; it stays in the bytes only.")
            return None
        return text or None

    def number(self, keyword: str) -> Decimal | None:
        """A floating point number with the fewest digits that mean it. Raises Unread on another representation."""
        value = self._measured(keyword)
        if value is None:
            return None
        number = Decimal(repr(value)) if isinstance(value, float) else None
        if number is None or not number.is_finite() or not -6 <= number.adjusted() <= 6:
            self.doubt(keyword, str(value), "unreadable_field", "is no number an instrument can mean")
            return None
        return number

    def axis(self, keyword: str) -> int | None:
        """A whole degree from 0 to 180; anything else stays as it came and is no axis."""
        number = self.number(keyword)
        if number is None:
            return None
        if number == int(number) and 0 <= number <= 180:
            return int(number)
        self.doubt(keyword, str(number), "axis_not_whole", "is no whole degree from 0 to 180")
        return None

    def integers(self, keyword: str) -> list[int]:
        """Every value of an integer attribute."""
        return [int(value) for value in _values(self._measured(keyword))]

    def item(self, keyword: str) -> "Item | None":
        """The only item of a sequence. Raises Unread when there are more: none of them is the value."""
        items = self._measured(keyword)
        if not items:
            return None
        if len(items) > 1:
            raise Unread(f"{_said(keyword)} holds {len(items)} items where the standard allows one.")
        found = Item(items[0], self.notes)
        self._inner.append((keyword, found))
        return found

    def keep(self, keyword: str, value: Any) -> None:
        """Keep a value that has no key."""
        self.kept[keyword] = value

    def doubt(self, keyword: str, text: str, code: str, why: str) -> None:
        """Keep a value that cannot be believed, and say so."""
        self.keep(keyword, text)
        self.note(code, f"{_said(keyword)} {why}; it is kept as it came.")

    def note(self, code: str, text: str) -> None:
        """Tell a person, once."""
        remark = Note(code=code, text=text)
        if remark not in self.notes:
            self.notes.append(remark)

    def rest(self) -> dict[str, Any]:
        """What was measured and has no key, by keyword, inner levels under the keyword of their sequence."""
        inner = {keyword: left for keyword, item in self._inner if (left := item.rest())}
        return self.kept | inner | self._unasked()

    def _unasked(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for tag in self._dataset.keys():  # noqa: SIM118 - a data set's keys are not what iterating it gives
            if tag in self._asked or not _measurement(tag):
                continue
            if len(found) >= MOST_LEFT:
                self.note("extra_cut", f"Only {MOST_LEFT} further attributes of a level are kept apart from the bytes.")
                break
            found |= self._leftover(tag)
        return found

    def _leftover(self, tag: BaseTag) -> dict[str, Any]:
        if tag.is_private:
            self.note("unknown_field", "The maker's private attributes are kept as they came.")
        try:
            element = self._dataset[tag]
            return {_name(element): _plain(element.value)} if element.value else {}
        except Exception:  # pydicom raises whatever its decoders raise
            self.note("unreadable_field", "A further attribute cannot be decoded; it stays in the bytes only.")
            return {}

    def _measured(self, keyword: str) -> Any:
        element = self._element(keyword)
        if element is None or element.value is None:
            return None
        if dictionary_VR(keyword) != element.VR:
            raise Unread(f"{_said(keyword)} is not written as the standard says ({dictionary_VR(keyword)}).")
        return element.value

    def _element(self, keyword: str) -> DataElement | None:
        tag = Tag(tag_for_keyword(keyword) or 0)
        self._asked.add(tag)
        return self._dataset.get(tag)


def _measurement(tag: BaseTag) -> bool:
    """Attributes of the eye, and the maker's own; who and where is told apart from them."""
    return tag.group in OPHTHALMIC or (tag.is_private and not tag.is_private_creator)


def _values(value: Any) -> list[Any]:
    values = value if isinstance(value, MultiValue | list) else [value]
    return [one for one in values if one is not None]


def _said(keyword: str) -> str:
    return dictionary_description(keyword)


def _name(element: DataElement) -> str:
    """The keyword, or for a private attribute its group, its maker's word and its place: ``771B,99CZM,0D``."""
    if not element.tag.is_private:
        return element.keyword or f"{element.tag.group:04X},{element.tag.element:04X}"
    return f"{element.tag.group:04X},{element.private_creator or '?'},{element.tag.element & 0xFF:02X}"


def _plain(value: Any, depth: int = 0) -> Any:
    """A value as texts in lists and mappings, and no longer than a person would read."""
    if isinstance(value, Sequence | MultiValue | list):
        return [_plain(one, depth + 1) for one in value[:MOST_LEFT]] if depth < DEEPEST_LEFT else "…"
    if isinstance(value, Dataset):
        return {_name(one): _plain(one.value, depth + 1) for one in list(value)[:MOST_LEFT]}
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _CONTROL.sub(" ", str(value)[:LONGEST_LEFT])
