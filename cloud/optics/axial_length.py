"""b.11: axial length over corneal radius, a hint at myopia where no cycloplegia was given."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.rule import Found, data, note, notes, rule


@dataclass(frozen=True, slots=True)
class Ratio:
    """AL/CR, the mean radius it stands on, and whether it lies above the table's cut-off."""

    ratio: Decimal
    mean_radius_mm: Decimal
    above: bool


@rule("b.11.al_cr", "1")
def al_cr(al_mm: Decimal, r1_mm: Decimal, r2_mm: Decimal, edition: str | None = None) -> Found[Ratio]:
    """Axial length over the mean of both corneal radii."""
    mean = (r1_mm + r2_mm) / 2
    ratio, cut = al_mm / mean, data("al_cr", edition)["cut_off"]
    return Found(Ratio(ratio, mean, ratio > cut), notes((ratio > cut, note("above", cut=str(cut)))))
