"""The standard lines of acuity charts: found by their printed label, never recomputed from it.

A chart's 0.12 is the line 4.1, although 10^−0.9 is 0.1259: labels are rounded, lines are a tenth apart.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from cloud.optics.exact import log10, power_of_ten, working
from cloud.optics.reference import table

# Labels of one line differ among makers (6/38 or 6/37.5, 0.6 or 0.63), lines differ by 26 %.
LABEL_ROUNDING = Decimal("0.015")
LETTER = Decimal("0.02")
LINE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart in every notation."""

    five_mark: str
    decimal: str
    logmar: str
    snellen_m: str
    snellen_ft: str

    @property
    def step(self) -> Decimal:
        """LogMAR of the line, exact."""
        return Decimal(self.logmar)


@cache
def lines() -> tuple[Line, ...]:
    """From 4.0 (logMAR 1.0) to 5.3 (−0.3)."""
    return tuple(Line(**line) for line in table("acuity_lines").edition().data["line"])


def of_decimal(value: Decimal) -> Line | None:
    """The line with this decimal label, or with a maker's other rounding of it."""
    by_label = next((line for line in lines() if Decimal(line.decimal) == value), None)
    return by_label or of_ratio(value)


def of_ratio(ratio: Decimal) -> Line | None:
    """The line whose true acuity lies within label rounding of this Snellen fraction."""
    with working():
        for line in lines():
            true = power_of_ten(-line.step)
            if abs(ratio - true) <= LABEL_ROUNDING * true:
                return line
    return None


def at_step(logmar: Decimal) -> Line | None:
    """The line at exactly this logMAR."""
    return next((line for line in lines() if line.step == logmar), None)


def with_letters(logmar: Decimal) -> tuple[Line, int] | None:
    """The nearest line and the letters read beyond (+) or missed (−), if whole letters lead there."""
    nearest = min(lines(), key=lambda line: abs(line.step - logmar))
    letters = (nearest.step - logmar) / LETTER
    if letters != int(letters) or abs(letters) > 2:
        return None
    return nearest, int(letters)


def logmar_of_ratio(ratio: Decimal) -> Decimal:
    """LogMAR of a Snellen fraction: its line's, else by formula at full precision."""
    line = of_ratio(ratio)
    with working():
        return line.step if line else -log10(ratio)


def logmar_of_decimal(value: Decimal) -> Decimal:
    """LogMAR of a decimal acuity: its line's, else by formula at full precision."""
    line = of_decimal(value)
    with working():
        return line.step if line else -log10(value)
