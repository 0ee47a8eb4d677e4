"""b.4: what a lens is worth at another distance from the eye."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import to_step
from cloud.optics.refraction import QUARTER, Refraction, to_quarters
from cloud.optics.rule import Found, Note, note, notes, rule

MM = Decimal(1000)
# From here on the difference reaches a quarter dioptre at usual distances; below it, it is shown and not applied.
APPLY_FROM = Decimal(4)
USUAL_MM = Decimal(12)


@dataclass(frozen=True, slots=True)
class Effective:
    """A power elsewhere: exact, to a quarter, and whether the change is worth applying."""

    power: Decimal
    quarter: Decimal
    change: Decimal
    apply: bool


@dataclass(frozen=True, slots=True)
class EffectiveRefraction:
    """A refraction elsewhere: exact, to quarters, and whether the change is worth applying."""

    rx: Refraction
    order: Refraction
    apply: bool


def moved(power: Decimal, from_mm: Decimal, to_mm: Decimal) -> Decimal:
    """The power that does at ``to_mm`` from the cornea what ``power`` does at ``from_mm``.

    Raises ZeroDivisionError when the lens would have to stand in its own focus.
    """
    return power / (1 - (from_mm - to_mm) / MM * power)


def moved_refraction(rx: Refraction, from_mm: Decimal, to_mm: Decimal) -> Refraction:
    """Each meridian by itself, then written as sphere and cylinder again."""
    along, across = (moved(power, from_mm, to_mm) for power in rx.meridians)
    return Refraction(along, across - along, rx.axis)


def matters(rx: Refraction) -> bool:
    """Whether any meridian is strong enough for the distance to be applied."""
    return max(abs(power) for power in rx.meridians) >= APPLY_FROM


@rule("b.4.at_cornea", "1")
def at_cornea(power: Decimal, vertex_mm: Decimal = USUAL_MM) -> Found[Effective]:
    """A spectacle power at the corneal plane."""
    return Found(_effective(power, vertex_mm, Decimal(0)), _small(abs(power) < APPLY_FROM))


@rule("b.4.moved", "1")
def worn_elsewhere(power: Decimal, from_mm: Decimal, to_mm: Decimal) -> Found[Effective]:
    """The power to order when a lens is worn at another distance than it was refracted at."""
    return Found(_effective(power, from_mm, to_mm), _small(abs(power) < APPLY_FROM))


@rule("b.4.refraction_moved", "1")
def refraction_at(
    rx: Refraction, from_mm: Decimal = USUAL_MM, to_mm: Decimal = Decimal(0)
) -> Found[EffectiveRefraction]:
    """A whole refraction at another distance, the cornea unless said otherwise."""
    there = moved_refraction(rx, from_mm, to_mm)
    return Found(EffectiveRefraction(there, to_quarters(there), matters(rx)), _small(not matters(rx)))


def _effective(power: Decimal, from_mm: Decimal, to_mm: Decimal) -> Effective:
    there = moved(power, from_mm, to_mm)
    return Effective(there, to_step(there, QUARTER), there - power, abs(power) >= APPLY_FROM)


def _small(holds: bool) -> tuple[Note, ...]:
    return notes((holds, note("small")))
