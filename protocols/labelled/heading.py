"""What stands at the top of every reading of a transmission, and the margin that collects while it is read."""

import hashlib
from typing import Any

from protocols.readings import UNNAMED, Instrument, Integrity, Note, PatientRef


def unnamed(makers: str) -> Note:
    """The transmission does not say who sent it; ``makers`` is who could have."""
    return Note(code="instrument_unnamed", text=f"The instrument did not name itself; {makers} speak like this.")


class Heading:
    """Who spoke, what came, when it was measured; notes and what has no key gather beside it."""

    def __init__(self, raw: bytes, dialect: str, *, maker: str = UNNAMED, model: str = UNNAMED) -> None:
        self.maker, self.model, self.dialect = maker, model, dialect
        self.firmware: str | None = None
        self.measured_at: str | None = None
        self.print_number: str | None = None
        self.patient_ref: PatientRef | None = None
        self.notes: list[Note] = []
        self.extra: dict[str, Any] = {}
        self._integrity = Integrity(checksum="none", raw_sha256=hashlib.sha256(raw).hexdigest())

    def note(self, code: str, text: str) -> None:
        """Tell a person, once."""
        remark = Note(code=code, text=text)
        if remark not in self.notes:
            self.notes.append(remark)

    def keep(self, tag: str, said: Any) -> None:
        """Keep what has no key under the instrument's own tag; a tag that comes again turns its entry into a list."""
        if tag not in self.extra:
            self.extra[tag] = said
        elif isinstance(self.extra[tag], list):
            self.extra[tag].append(said)
        else:
            self.extra[tag] = [self.extra[tag], said]

    def unreadable(self, tag: str, said: str) -> None:
        """A place we know with a text that is not what it should be."""
        self.keep(tag, said)
        self.note("unreadable_field", f"{tag!r} does not have the form it should have; kept as it came.")

    def keys(self) -> dict[str, Any]:
        """The keys that every reading carries."""
        return {
            "instrument": Instrument(maker=self.maker, model=self.model, dialect=self.dialect, firmware=self.firmware),
            "integrity": self._integrity,
            "measured_at": self.measured_at,
            "print_number": self.print_number,
            "patient_ref": self.patient_ref,
            "notes": tuple(self.notes),
            "extra": dict(self.extra),
        }
