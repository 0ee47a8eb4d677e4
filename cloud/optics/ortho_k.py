"""b.13: the first ortho-K lens, and whether ortho-K suits. The manufacturer's table decides."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.checks import Check, Verdict, at_least, at_most, between, verdict
from cloud.optics.keratometry import KERATOMETER, kind_of
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, data, note, notes, rule
from cloud.optics.transposition import minus_form


@dataclass(frozen=True, slots=True)
class BackSurface:
    """Back optic zone: radius and power (index 1.3375)."""

    bozr_mm: Decimal
    bozr_d: Decimal


@dataclass(frozen=True, slots=True)
class Both:
    """Two ways to the first lens and how far they lie apart."""

    gap_d: Decimal
    gap_mm: Decimal
    jessen_mm: Decimal
    clinical_mm: Decimal


def by_jessen(flat_k: Decimal, reduction: Decimal, factor: Decimal) -> Decimal:
    """Flat K less the reduction and the compression factor, dioptres."""
    return flat_k - (reduction + factor)


def by_fit(flat_k: Decimal, reduction: Decimal) -> Decimal:
    """Flat K less 1.23 times the reduction and 1.27 (Chan, Cho, Mountford 2008), dioptres."""
    return flat_k - (Decimal("1.23") * reduction + Decimal("1.27"))


@rule("b.13.jessen", "1")
def jessen(flat_k: Decimal, reduction: Decimal, edition: str | None = None) -> Found[BackSurface]:
    """Back optic zone by Jessen's idea with a compression factor."""
    return _surface(by_jessen(flat_k, reduction, data("compression", edition)["factor"]))


@rule("b.13.clinical_fit", "1")
def clinical_fit(flat_k: Decimal, reduction: Decimal) -> Found[BackSurface]:
    """Back optic zone as lenses that worked turned out to have it."""
    return _surface(by_fit(flat_k, reduction))


def _surface(power: Decimal) -> Found[BackSurface]:
    return Found(BackSurface(KERATOMETER / power, power), (note("manufacturer"),))


@rule("b.13.compare", "1")
def compare(flat_k: Decimal, reduction: Decimal, edition: str | None = None) -> Found[Both]:
    """Both ways side by side; the gap is the reason to follow the manufacturer's table."""
    factor = data("compression", edition)["factor"]
    first, second = by_jessen(flat_k, reduction, factor), by_fit(flat_k, reduction)
    radii = KERATOMETER / first, KERATOMETER / second
    return Found(Both(first - second, radii[1] - radii[0], *radii), (note("manufacturer"),))


@rule("b.13.suitability", "1")
def suitability(
    age: Decimal,
    rx: Refraction,
    flat_k: Decimal,
    eccentricity: Decimal | None = None,
    pupil_mm: Decimal | None = None,
    hvid_mm: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """The measurable criteria, one by one; surface, tears and willingness are for the person in the chair."""
    want, eye = data("ortho_k_suitability", edition), minus_form(rx)
    found = verdict(
        [
            at_least("age", age, want["age_from"]),
            between("sphere", eye.sphere, want["sphere_from"], want["sphere_to"]),
            _cylinder(eye, want["with_rule_to"], want["against_rule_to"]),
            between("flat_k", flat_k, want["k_from"], want["k_to"]),
            between("eccentricity", eccentricity, want["e_from"], want["e_to"]),
            _below("pupil_mm", pupil_mm, want["pupil_below"]),
            at_least("hvid_mm", hvid_mm, want["hvid_from"]),
        ]
    )
    return Found(found, notes((not found.all_hold, note("not_all")), (True, note("also_look"))))


def _cylinder(eye: Refraction, with_rule: Decimal, against_rule: Decimal) -> Check:
    """With the rule more is allowed than in any other direction."""
    kind = kind_of(eye.axis, Decimal(30))
    return at_most("amount", abs(eye.cylinder), with_rule if kind in ("with_rule", "none") else against_rule)


def _below(item: str, found: Decimal | None, most: Decimal) -> Check:
    return Check(item, f"< {most}", found, None if found is None else found < most)
