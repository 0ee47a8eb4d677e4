"""Money: whole minor units with a currency, never a float, never mixed."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units where they are not two.
_EXPONENT = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "JOD": 3}


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies were about to be combined."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen, cents) of an ISO 4217 currency."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str, currency: str) -> "Money":
        """From major units, rounded half up to the currency's minor unit."""
        step = Decimal(1).scaleb(-_EXPONENT.get(currency, 2))
        return cls(int(Decimal(amount).quantize(step, ROUND_HALF_UP) / step), currency)

    @property
    def amount(self) -> Decimal:
        """In major units."""
        return Decimal(self.minor).scaleb(-_EXPONENT.get(self.currency, 2))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other
