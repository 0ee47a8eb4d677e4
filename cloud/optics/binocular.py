"""b.16: phorias, vergence ranges and the prisms the classic rules propose. Prism dioptres; eso +, exo −."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import ZERO
from cloud.optics.rule import Found, note, notes, rule
from cloud.optics.terms import OutOfLimits
from cloud.optics.words import Words

NO_LENS = Words("The lens has to change the accommodation: enter a power other than zero.", "镜片度数须不为零。")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A prism with its base in words, and the sphere that would do the same."""

    prism: Decimal
    base: str | None
    met: bool
    sphere_d: Decimal | None = None
    demand: Decimal | None = None


@rule("b.16.ac_a_gradient", "1")
def gradient(phoria: Decimal, phoria_through: Decimal, lens_d: Decimal) -> Found[Decimal]:
    """Change of phoria per dioptre of lens; a minus lens asks for accommodation."""
    if lens_d == 0:
        raise OutOfLimits("lens_d", NO_LENS)
    return Found((phoria_through - phoria) / -lens_d, (note("method"),))


@rule("b.16.ac_a_heterophoria", "1")
def heterophoria(
    pd_cm: Decimal, phoria_distance: Decimal, phoria_near: Decimal, near_m: Decimal = Decimal("0.40")
) -> Found[Decimal]:
    """From the phorias at distance and near and the pupil distance."""
    return Found(pd_cm + near_m * (phoria_near - phoria_distance), (note("method"),))


@rule("b.16.sheard", "1")
def sheard(phoria: Decimal, reserve: Decimal, ac_a: Decimal | None = None) -> Found[Proposal]:
    """The compensating range (blur, else break) should be twice the phoria; else this much prism."""
    size = abs(phoria)
    prism = max((2 * size - reserve) / 3, ZERO)
    base = None if prism == 0 else "out" if phoria > 0 else "in"
    # plus relieves eso, minus relieves exo
    sphere = None if ac_a is None else (prism / ac_a).copy_sign(phoria)
    return Found(Proposal(prism, base, prism == 0, sphere, 2 * size))


@rule("b.16.percival", "1")
def percival(base_in: Decimal, base_out: Decimal) -> Found[Proposal]:
    """Demand should lie in the middle third of the vergence range; else this much prism to the greater side."""
    greater, lesser = max(base_in, base_out), min(base_in, base_out)
    prism = max((greater - 2 * lesser) / 3, ZERO)
    base = None if prism == 0 else "out" if base_out > base_in else "in"
    return Found(Proposal(prism, base, prism == 0))


@rule("b.16.one_to_one", "1")
def one_to_one(eso: Decimal, recovery: Decimal) -> Found[Proposal]:
    """For eso: the base-in recovery should be at least the phoria; else half of what is missing, base out."""
    prism = max((eso - recovery) / 2, ZERO)
    return Found(Proposal(prism, "out" if prism else None, prism == 0), notes((recovery < 0, note("negative"))))
