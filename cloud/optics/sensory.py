"""b.16: what sensory tests say: Worth's four dots and the circles of the Titmus test."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.rule import Found, data, note, rule


@dataclass(frozen=True, slots=True)
class Stereo:
    """Seconds of arc of a circle, and whether an adult with normal stereopsis sees it."""

    arcsec: Decimal
    adult_normal: bool


@rule("b.16.worth", "1")
def worth(dots: str, edition: str | None = None) -> Found[str]:
    """What the number of dots seen means; the filter is red before the right eye unless noted."""
    return Found(data("worth", edition)["seen"][dots], (note("state_distance"),))


@rule("b.16.titmus", "1")
def titmus(circle: Decimal, edition: str | None = None) -> Found[Stereo]:
    """The disparity of the last circle told, 1 to 9."""
    table = data("titmus", edition)
    arcsec = Decimal(table["circle"][int(circle) - 1])
    return Found(Stereo(arcsec, arcsec <= table["adult_normal_to"]), (note("own_scale"),))
