"""What stands at the top of every reading of a transmission, and the margin that collects while it is read."""

from typing import Any

from protocols.framing.margin import Margin, integrity
from protocols.readings import UNNAMED, Instrument, Integrity, Note, PatientRef


def unnamed(makers: str) -> Note:
    """The transmission does not say who sent it; ``makers`` is who could have."""
    return Note(code="instrument_unnamed", text=f"The instrument did not name itself; {makers} speak like this.")


class Heading(Margin):
    """Who spoke, what came, when it was measured; notes and what has no key gather beside it.

    ``raw`` are the bytes, or what is known of them: a file of many readings is hashed once.
    """

    def __init__(self, raw: bytes | Integrity, dialect: str, *, maker: str = UNNAMED, model: str = UNNAMED) -> None:
        super().__init__()
        self.maker, self.model, self.dialect = maker, model, dialect
        self.firmware: str | None = None
        self.measured_at: str | None = None
        self.print_number: str | None = None
        self.patient_ref: PatientRef | None = None
        self._integrity = raw if isinstance(raw, Integrity) else integrity(raw)

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
