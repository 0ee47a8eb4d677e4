"""The margin of a reading: what has no key yet, by the instrument's own tag, and what a person should know."""

from collections.abc import Iterable
from typing import Any

from protocols.nidek_frame.segments import Segment
from protocols.readings import Note


class Margin:
    """Collects while a block is read."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.extra: dict[str, Any] = {}

    def note(self, code: str, text: str) -> None:
        """Tell a person, once."""
        remark = Note(code=code, text=text)
        if remark not in self.notes:
            self.notes.append(remark)

    def keep(self, tag: str, text: str) -> None:
        """Keep a text under its tag; a tag that comes again turns its entry into a list."""
        known = self.extra.get(tag)
        if known is None:
            self.extra[tag] = text
        else:
            self.extra[tag] = [*known, text] if isinstance(known, list) else [known, text]

    def unknown(self, segment: Segment) -> None:
        """A tag nobody has described to us."""
        self.keep(segment.tag, segment.text)
        self.note("unknown_field", f"The instrument sent {segment.tag!r}, which is kept as it came.")

    def unreadable(self, segment: Segment) -> None:
        """A tag we know with a text that is not what it should be."""
        self.keep(segment.tag, segment.text)
        self.note("unreadable_field", f"{segment.tag!r} does not have the form it should have; kept as it came.")

    def keep_blocks(self, blocks: Iterable[tuple[str, list[str]]]) -> None:
        """Keep whole blocks that gave no reading, by their header."""
        for header, texts in blocks:
            self.keep(header, " | ".join(texts))
            self.note("unknown_field", f"The instrument sent a block {header!r}, which is kept as it came.")
