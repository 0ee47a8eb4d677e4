"""Values without a key, as texts in lists and mappings that a person can read."""

import re
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from protocols.dicom.grammar import DEEPEST, LONGEST_TEXT, MOST_LISTED
from protocols.dicom.journal import Journal
from protocols.dicom.numbers import of_double, of_single

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_FIXED = 1024  # bytes beyond which nothing is looked at


def cleaned(value: Any) -> str:
    """One line of text without what would disturb a page."""
    return _CONTROL.sub(" ", str(value)[:LONGEST_TEXT]).strip()


def named(element: DataElement) -> str:
    """The keyword, or for a private attribute its group, its maker's word and its place: ``771B,99CZM,0D``."""
    if not element.tag.is_private:
        return element.keyword or f"{element.tag.group:04X},{element.tag.element:04X}"
    return f"{element.tag.group:04X},{element.private_creator or '?'},{element.tag.element & 0xFF:02X}"


def told(element: DataElement, journal: Journal, depth: int = 0) -> Any:
    """One attribute; nothing where it is empty, too deep, or there is no room left. What is long is only counted."""
    value = element.value
    if isinstance(value, Sequence | MultiValue | list) and len(value) > MOST_LISTED:
        return f"{len(value)} {'items' if isinstance(value, Sequence) else 'values'}" if journal.spend() else None
    if isinstance(value, Sequence):
        items = [_mapping(item, journal, depth + 1) for item in value] if depth < DEEPEST else []
        kept = [item for item in items if item]
        return (kept[0] if len(kept) == 1 else kept) or None
    if isinstance(value, MultiValue | list):
        return [text for one in value if (text := _leaf(one, element.VR, journal))] or None
    return _leaf(value, element.VR, journal)


def _mapping(item: Dataset, journal: Journal, depth: int) -> Any:
    if code := _code(item):
        return code if journal.spend() else None
    found: dict[str, Any] = {}
    for tag in list(item.keys()):
        if tag.is_private_creator or tag.element == 0:
            continue
        try:
            element = item[tag]
            text = told(element, journal, depth)
        except Exception:  # pydicom raises whatever its decoders raise
            journal.note("unreadable_field", "A further attribute cannot be decoded; it stays in the file only.")
            continue
        if text:
            found[named(element)] = text
    return found


def _code(item: Dataset) -> str:
    """A code says what it means; its number follows for whoever looks it up."""
    if "CodeValue" not in item or len(item) > 6:
        return ""
    meaning, value, scheme = (
        cleaned(item.get(word) or "") for word in ("CodeMeaning", "CodeValue", "CodingSchemeDesignator")
    )
    return f"{meaning} ({value} {scheme})".strip()


def _leaf(value: Any, vr: str, journal: Journal) -> str | None:
    if value is None or value == "" or not journal.spend():
        return None
    if isinstance(value, bytes):
        return _bytes(value) or None
    if isinstance(value, float) and vr in ("FL", "OF"):
        return str(of_single(value))
    if isinstance(value, float) and vr in ("FD", "OD"):
        return str(of_double(value))
    return cleaned(getattr(value, "original_string", value)) or None


def _bytes(value: bytes) -> str:
    """Bytes of unknown meaning are told when they are a text, else counted."""
    text = value[:_FIXED].rstrip(b"\x00 ")
    return (
        cleaned(text.decode("ascii"))
        if text.isascii() and text.decode("ascii").isprintable()
        else f"{len(value)} bytes"
    )
