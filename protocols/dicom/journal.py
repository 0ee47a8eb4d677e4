"""What is remembered while one object is read: remarks for people, and how much room is left for what has no key."""

from dataclasses import dataclass, field

from protocols.dicom.grammar import MOST_LEFT, MOST_LOOKED_INTO, MOST_NOTES
from protocols.readings import Note


@dataclass(slots=True)
class Journal:
    """Of one object; every level of it writes into the same."""

    notes: list[Note] = field(default_factory=list)
    room: int = MOST_LEFT
    looks: int = MOST_LOOKED_INTO

    def note(self, code: str, text: str) -> None:
        """Tell a person, once."""
        remark = Note(code=code, text=text)
        if remark not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(remark)

    def spend(self) -> bool:
        """Room for one more value; the first that finds none is told."""
        if self.room <= 0:
            self.note("extra_cut", f"Only {MOST_LEFT} values without a key are kept apart from the file itself.")
            return False
        self.room -= 1
        return True

    def look(self, items: int) -> int:
        """How many of so many items may still be looked into; the first that may not is told."""
        allowed = min(items, self.looks)
        if allowed < items:
            self.note(
                "extra_cut", "The object holds more items than any instrument writes; the last ones are not read."
            )
        self.looks -= allowed
        return allowed
