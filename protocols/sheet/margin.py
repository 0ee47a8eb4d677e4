"""What has no key yet, by the instrument's own tag, and what a person should know."""

from typing import Any

from protocols.readings import Note


class Margin:
    """Collects while a print-out is read."""

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

    def unknown(self, tag: str, text: str) -> None:
        """Something nobody has described to us."""
        self.keep(tag, text)
        self.note("unknown_field", f"The instrument sent {tag!r}, which is kept as it came.")

    def unreadable(self, tag: str, text: str) -> None:
        """Something we know, with a text that is not what it should be."""
        self.keep(tag, text)
        self.note("unreadable_field", f"{tag!r} does not have the form it should have; kept as it came.")

    def representative_missing(self, side: str) -> None:
        """Several readings and no choice of the instrument: none is chosen and none is averaged here."""
        self.note(
            "representative_missing", f"The instrument chose no value for the {side} eye; all readings are given."
        )
