"""The margin of a reading: what has no key yet, by the instrument's own tag, and what a person should know."""

import hashlib
from typing import Any

from protocols.readings import Integrity, Note


class Margin:
    """Collects while a transmission, or a part of one, is read."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
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
            return
        known = self.extra[tag]
        self.extra[tag] = [*known, said] if isinstance(known, list) else [known, said]

    def unknown(self, tag: str, said: str) -> None:
        """Something nobody has described to us."""
        self.keep(tag, said)
        self.note("unknown_field", f"The instrument sent {tag!r}, which is kept as it came.")

    def unreadable(self, tag: str, said: str) -> None:
        """Something we know, with a text that is not what its place asks for."""
        self.keep(tag, said)
        self.note("unreadable_field", f"{tag!r} does not have the form it should have; kept as it came.")


def integrity(raw: bytes) -> Integrity:
    """For a dialect without checksum."""
    return Integrity(checksum="none", raw_sha256=hashlib.sha256(raw).hexdigest())
