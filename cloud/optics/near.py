"""b.8: near and intermediate work: amplitude, additions and whether they suit."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import ONE, ZERO, to_step
from cloud.optics.refraction import QUARTER, Refraction
from cloud.optics.rule import Found, data, note, notes, rule

LEAST_ADD, MOST_ADD = Decimal("0.25"), Decimal(4)
INSUFFICIENT_BY = Decimal(2)
USUAL_M = Decimal("0.40")


@dataclass(frozen=True, slots=True)
class Addition:
    """Add by the half-in-reserve rule, exact and to a quarter."""

    add: Decimal
    exact: Decimal
    demand: Decimal


@dataclass(frozen=True, slots=True)
class AddRange:
    """A range to begin with."""

    add_from: Decimal
    add_to: Decimal


@dataclass(frozen=True, slots=True)
class NearLenses:
    """Single-vision lenses for near and for half the addition."""

    near: Refraction
    intermediate: Refraction


@dataclass(frozen=True, slots=True)
class Amplitudes:
    """What an age may expect, dioptres."""

    minimum: Decimal
    mean: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Against:
    """A measured amplitude beside the least that the age may expect."""

    below_minimum: Decimal
    minimum: Decimal
    mean: Decimal
    insufficient: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """Change of the addition that puts relative accommodation in the middle."""

    add_change: Decimal
    quarter: Decimal


@rule("b.8.add", "1")
def add(distance_m: Decimal, amplitude: Decimal) -> Found[Addition]:
    """What the distance asks for less half of the amplitude; also for a measured intermediate distance."""
    demand = ONE / distance_m
    exact = max(demand - amplitude / 2, ZERO)
    quarter = to_step(exact, QUARTER)
    said = notes((exact == 0, note("none_needed")), (quarter > MOST_ADD, note("strong")))
    return Found(Addition(quarter, exact, demand), said)


@rule("b.8.starting_add", "1")
def starting_add(age: Decimal, edition: str | None = None) -> Found[AddRange | None]:
    """The range of additions to begin with at 40 cm; none for an age the table leaves out."""
    for band in data("starting_add", edition)["band"]:
        if band["from_age"] <= age and age < band.get("to_age", Decimal("Infinity")):
            return Found(AddRange(band["least"], band["most"]), (note("begin"),))
    return Found(None, (note("younger"),))


@rule("b.8.near_lenses", "1")
def near_lenses(rx: Refraction, add_d: Decimal) -> Found[NearLenses]:
    """Distance sphere and the addition, and with half of it; cylinder and axis stay."""
    return Found(NearLenses(rx.along(add_d), rx.along(add_d / 2)))


@rule("b.8.relative_accommodation", "1")
def relative(nra: Decimal, pra: Decimal) -> Found[Balance]:
    """Half of what is gained in plus and lost in minus: more plus when positive."""
    change = (nra + pra) / 2
    return Found(Balance(change, to_step(change, QUARTER)), notes((nra < 0 or pra > 0, note("signs"))))


def expected(age: Decimal) -> Amplitudes:
    """Hofstetter's three lines, never below zero."""
    lines = (15 - age / 4, Decimal("18.5") - age * 3 / 10, 25 - age * 2 / 5)
    return Amplitudes(*(max(line, ZERO) for line in lines))


@rule("b.8.hofstetter", "1")
def hofstetter(age: Decimal) -> Found[Amplitudes]:
    """The amplitude of accommodation that an age may expect."""
    return Found(expected(age), notes((age > 60, note("old"))))


@rule("b.8.amplitude", "1")
def amplitude_for_age(age: Decimal, amplitude: Decimal) -> Found[Against]:
    """Whether a measured amplitude lies two dioptres or more below the least for the age."""
    line = expected(age)
    below = line.minimum - amplitude
    insufficient = below >= INSUFFICIENT_BY
    return Found(Against(below, line.minimum, line.mean, insufficient), notes((insufficient, note("criterion"))))


@rule("b.8.net_retinoscopy", "1")
def net_retinoscopy(rx: Refraction, distance_m: Decimal) -> Found[Refraction]:
    """Gross retinoscopy less the working distance; cylinder and axis stay."""
    return Found(rx.along(-ONE / distance_m))
