"""What a check found: its id, where, and the facts its sentence needs."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cloud.prescriptions.choices import Severity
from cloud.prescriptions.tables import table
from cloud.prescriptions.values import Written
from cloud.web import notation, times


@dataclass(frozen=True, slots=True)
class Finding:
    """``id`` names a check of checks.toml, ``place`` the field it is about; together they are the finding's name."""

    id: str
    place: str
    facts: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """One name a finding, to keep a reason under."""
        return f"{self.id}.{self.place}"

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return Severity(table("checks")[self.id]["severity"])

    def words(self, language: str) -> str:
        """The finding as a sentence."""
        return str(table("checks")[self.id][language]).format(**self.facts)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known around a prescription: today, the patient's birth, allergies, and the one before.

    ``allergies`` is None where nobody asked, empty where the patient has none.
    """

    today: date
    born: date | None = None
    allergies: tuple[str, ...] | None = None
    last: Written | None = None

    @property
    def age(self) -> int | None:
        """Completed years today."""
        return None if self.born is None else times.age(self.born, self.today)


def signed(value: Decimal | int) -> str:
    """Dioptres as the trade writes them."""
    return notation.dioptres(Decimal(value)) or ""


def axis_text(value: Decimal | None) -> str:
    """An axis as the trade writes it."""
    return notation.axis(value) or ""


def is_step(value: Decimal, step: str) -> bool:
    """Whether the value is a whole number of steps."""
    return value % Decimal(step) == 0
