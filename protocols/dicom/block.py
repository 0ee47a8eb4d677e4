"""A maker's private block: found by its creator, read by our own dictionary of it.

An object in implicit representation does not say how private attributes are written; pydicom then hands over bytes
(UN). Its dictionary of private tags is one for the whole process, so that adding to it would change how every other
reader in the process sees such a file; the few blocks known here are decoded from those bytes instead.
"""

import struct
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pydicom.charset import decode_bytes
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.values import convert_SQ

from protocols.dicom.grammar import DEEPEST, MOST_ITEMS
from protocols.dicom.level import Level, decimal
from protocols.dicom.numbers import of_text
from protocols.dicom.plain import cleaned, told

_PLACES = range(0x10, 0x100)
_TEXTS = frozenset({"CS", "LO", "SH", "ST", "IS", "DS", "LT"})


class Field(NamedTuple):
    """One attribute of a block: our word for it, how it is written, whether zero is a value or says not measured."""

    name: str
    vr: str = "FD"
    zero_counts: bool = False


Dictionary = Mapping[int, Field]


class Block:
    """The attributes of one creator in one data set or item. Never raises."""

    def __init__(self, level: Level, group: int, creator: str, fields: Dictionary, place: int | None = None) -> None:
        self._level = level
        self._key = group, creator
        self._fields = fields
        self._place = _place(level.dataset, group, creator) or place
        self._asked: set[int] = set()
        self._inner: dict[int, list[Block]] = {}
        level.ask(*self._tags())

    def __bool__(self) -> bool:
        return bool(self._tags())

    def text(self, at: int) -> str | None:
        """A text; several values with commas between them."""
        values = [word for one in self._values(at) if (word := cleaned(one))]
        return ", ".join(values) or None

    def number(self, at: int) -> Decimal | None:
        """The only value of a number."""
        return next(iter(self.numbers(at)), None)

    def numbers(self, at: int) -> list[Decimal]:
        """Every value of a number."""
        return [number for one in self._values(at) if (number := _number(one)) is not None]

    def measured(self, at: int) -> Decimal | None:
        """A number that cannot be nothing: zero says that it was not measured."""
        return self.number(at) or None

    def axis(self, at: int) -> int | None:
        """Whole degrees from 0 to 180."""
        number = self.number(at)
        return int(number) if number is not None and number == int(number) and 0 <= number <= 180 else None

    def items(self, at: int) -> list["Block"]:
        """The items of a sequence. One that does not name its creator again belongs to the same."""
        self._asked.add(at)
        if at not in self._inner:
            self._inner[at] = [self._within(item) for item in self._sequence(at)]
        return self._inner[at]

    def note(self, code: str, text: str) -> None:
        """Tell a person."""
        self._level.journal.note(code, text)

    def unask(self, at: int) -> None:
        """The value was understood only in part: its text stays with the rest."""
        self._asked.discard(at)

    def rest(self, *, without: tuple[int, ...] = ()) -> dict[str, Any]:
        """What was not asked for, by our words (an unknown one by its place); inner items under their sequence."""
        found: dict[str, Any] = {}
        for tag in self._tags():
            at = tag.element & 0xFF
            if at not in without and (left := self._left(at)) not in (None, "", [], {}):
                found[self._name(at)] = left
        return found

    def _left(self, at: int) -> Any:
        if self._is_sequence(at):
            return [left for one in self.items(at) if (left := one.rest())]
        if at in self._asked:
            return None
        field = self._fields.get(at)
        if field is None:
            return self._unknown(at)
        found = self._values(at)
        if not found:
            return self._unknown(at)
        values = [one for one in found if _counts(one, field)]
        words = [
            str(one) if isinstance(one, Decimal) else cleaned(one) for one in values if self._level.journal.spend()
        ]
        return words[0] if len(words) == 1 else words

    def _unknown(self, at: int) -> Any:
        element = self._element(at)
        try:
            return told(element, self._level.journal) if element is not None else None
        except Exception:  # pydicom raises whatever its decoders raise
            return None

    def _name(self, at: int) -> str:
        return self._fields[at].name if at in self._fields else f"{self._key[0]:04X},{self._key[1]},{at:02X}"

    def _within(self, item: Dataset) -> "Block":
        level = Level(item, self._level.journal, self._level.depth + 1)
        return Block(level, *self._key, self._fields, self._place)

    def _is_sequence(self, at: int) -> bool:
        element = self._element(at)
        known = self._fields.get(at)
        return (element is not None and element.VR == "SQ") or (known is not None and known.vr == "SQ")

    def _sequence(self, at: int) -> list[Dataset]:
        element = self._element(at)
        if element is None or self._level.depth >= DEEPEST:
            return []
        value = element.value
        if isinstance(value, bytes):
            value = self._parsed(value)
        if not isinstance(value, Sequence):
            return []
        return list(value[: self._level.journal.look(min(len(value), MOST_ITEMS))])

    def _parsed(self, value: bytes) -> Sequence | None:
        """A sequence of known length within unknown bytes is written in implicit representation, little end first."""
        try:
            return convert_SQ(value, True, True, list(self._encodings()))
        except Exception:  # pydicom raises whatever its decoders raise
            self._level.journal.note(
                "unreadable_field", "A private sequence cannot be decoded; it stays in the file only."
            )
            return None

    def _values(self, at: int) -> list[Any]:
        self._asked.add(at)
        element = self._element(at)
        if element is None or element.VR == "SQ" or element.value is None:
            return []
        if isinstance(element.value, bytes):
            return self._typed(element.value, self._fields.get(at, Field("", "LO")).vr)
        values = element.value if isinstance(element.value, MultiValue | list) else [element.value]
        numeric = element.VR in ("FL", "FD", "US", "SS", "UL", "SL")
        return [decimal(one, element.VR) if numeric else one for one in values[:MOST_ITEMS]]

    def _typed(self, value: bytes, vr: str) -> list[Any]:
        if vr == "FD" and len(value) % 8 == 0:
            whole = value[: 8 * MOST_ITEMS]
            order = "<" if self._level.dataset.original_encoding[1] is not False else ">"
            return [decimal(one, "FD") for one in struct.unpack(f"{order}{len(whole) // 8}d", whole)]
        if vr in _TEXTS:
            return decode_bytes(value[:4096], list(self._encodings()), set()).strip("\x00 ").split("\\")
        return []

    def _encodings(self) -> list[str]:
        said = self._level.dataset.original_character_set or ["iso8859"]
        return [said] if isinstance(said, str) else list(said)

    def _element(self, at: int) -> DataElement | None:
        if self._place is None:
            return None
        try:
            found = self._level.dataset.get(Tag(self._key[0], self._place << 8 | at))
        except Exception:  # pydicom raises whatever its decoders raise
            self._level.journal.note(
                "unreadable_field", "A private attribute cannot be decoded; it stays in the file only."
            )
            return None
        return found if isinstance(found, DataElement) else None

    def _tags(self) -> list[BaseTag]:
        if self._place is None:
            return []
        tags = list(self._level.dataset.keys())
        return [tag for tag in tags if tag.group == self._key[0] and tag.element >> 8 == self._place]


def creator_of(dataset: Dataset, tag: BaseTag) -> str | None:
    """Whose private attribute this is; nothing for a creator itself, and where nobody reserved the block."""
    if tag.element >> 8 not in _PLACES:
        return None
    try:
        element = dataset.get(Tag(tag.group, tag.element >> 8))
    except Exception:  # pydicom raises whatever its decoders raise
        return None
    return _said(element.value) if isinstance(element, DataElement) else None


def _place(dataset: Dataset, group: int, creator: str) -> int | None:
    for at in _PLACES:
        try:
            element = dataset.get(Tag(group, at))
        except Exception:  # noqa: S112 - pydicom raises whatever its decoders raise; the next may be whole
            continue
        if isinstance(element, DataElement) and _said(element.value) == creator:
            return at
    return None


def _said(value: Any) -> str:
    return (value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)).strip("\x00 ")


def _number(value: Any) -> Decimal | None:
    return (
        value if isinstance(value, Decimal) or value is None else of_text(str(getattr(value, "original_string", value)))
    )


def _counts(value: Any, field: Field) -> bool:
    return value is not None and value != "" and (field.zero_counts or _number(value) != 0)
