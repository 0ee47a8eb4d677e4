"""b.7: lenses in a frame: where their centres go, how large the blank has to be, what tilt does. Millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import ONE, cosine, sine, tangent
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, note, notes, rule
from cloud.optics.vertex import MM

EDGE = Decimal(2)
DROP_A_DEGREE = Decimal("0.5")
# Half a degree between radii: the largest is missed by less than 0.001 mm.
RADII = 720


@dataclass(frozen=True, slots=True)
class Decentration:
    """Inward positive."""

    dec_mm: Decimal
    frame_pd_mm: Decimal


@dataclass(frozen=True, slots=True)
class Blank:
    """The smallest blank that covers the lens."""

    blank_mm: Decimal
    reach_mm: Decimal


@dataclass(frozen=True, slots=True)
class Tilted:
    """What a tilted lens does, and how far its optical centre belongs below the pupil for this tilt."""

    power: Decimal
    induced: Refraction
    cylinder: Decimal
    drop_mm: Decimal


@rule("b.7.decentration", "1")
def decentration(a_mm: Decimal, dbl_mm: Decimal, mono_pd_mm: Decimal) -> Found[Decentration]:
    """From the box centre to the pupil, inward positive."""
    frame_pd = a_mm + dbl_mm
    inward = frame_pd / 2 - mono_pd_mm
    return Found(Decentration(inward, frame_pd), notes((inward < 0, note("outward"))))


@rule("b.7.segment", "1")
def segment(b_mm: Decimal, seg_height_mm: Decimal) -> Found[Decimal]:
    """The segment's (or fitting point's) height above the datum line."""
    return Found(seg_height_mm - b_mm / 2, notes((seg_height_mm >= b_mm - 2, note("edge"))))


@rule("b.7.minimum_blank", "1")
def minimum_blank(
    ed_mm: Decimal, dec_mm: Decimal, edge_mm: Decimal = EDGE, credit_mm: Decimal = Decimal(0)
) -> Found[Decimal]:
    """Effective diameter, twice the decentration and an edge; ``credit_mm`` is what the blank brings decentred."""
    return Found(ed_mm + 2 * max(abs(dec_mm) - credit_mm, Decimal(0)) + edge_mm)


@rule("b.7.minimum_blank_pair", "1")
def minimum_blank_pair(
    a_mm: Decimal, dbl_mm: Decimal, ed_mm: Decimal, pd_mm: Decimal, edge_mm: Decimal = EDGE
) -> Found[Decimal]:
    """The same from the binocular pupil distance."""
    return Found(ed_mm + abs(a_mm + dbl_mm - pd_mm) + edge_mm)


@rule("b.7.minimum_blank_ellipse", "1")
def minimum_blank_ellipse(
    a_mm: Decimal, b_mm: Decimal, dec_mm: Decimal, raise_mm: Decimal, edge_mm: Decimal = EDGE
) -> Found[Blank]:
    """Exact, for a lens as wide and high as the box and elliptic between."""
    points = [(a_mm / 2 * cosine(turn), b_mm / 2 * sine(turn)) for turn in _turns(RADII)]
    return Found(_blank(points, dec_mm, raise_mm, edge_mm))


@rule("b.7.minimum_blank_trace", "1")
def minimum_blank_trace(
    radii_mm: Sequence[Decimal], dec_mm: Decimal, raise_mm: Decimal, edge_mm: Decimal = EDGE
) -> Found[Blank]:
    """Exact, from a tracer's radii about the box centre, evenly spaced from the nasal side counter-clockwise."""
    turns = _turns(len(radii_mm))
    points = [(r * cosine(turn), r * sine(turn)) for r, turn in zip(radii_mm, turns, strict=True)]
    return Found(_blank(points, dec_mm, raise_mm, edge_mm), notes((len(radii_mm) < 36, note("coarse"))))


def _turns(count: int) -> list[Decimal]:
    return [Decimal(360) * at / count for at in range(count)]


def _blank(points: Sequence[tuple[Decimal, Decimal]], dec: Decimal, up: Decimal, edge: Decimal) -> Blank:
    reach = max((x - dec) ** 2 + (y - up) ** 2 for x, y in points).sqrt()
    return Blank(2 * reach + edge, reach)


@rule("b.7.tilt", "1")
def tilt(power: Decimal, tilt_deg: Decimal, index: Decimal, tilted_about: str) -> Found[Tilted]:
    """Martin's formula: the effective sphere and the cylinder that tilting a spherical lens induces."""
    s = sine(tilt_deg)
    effective = power * (1 + s * s / (2 * index))
    cylinder = effective * tangent(tilt_deg) ** 2
    axis = Decimal(180) if tilted_about == "panto" else Decimal(90)
    drop = tilt_deg * DROP_A_DEGREE if tilted_about == "panto" else Decimal(0)
    return Found(Tilted(effective, Refraction(effective, cylinder, axis), cylinder, drop))


def magnified(front: Decimal, thickness_mm: Decimal, index: Decimal, vertex_mm: Decimal, power: Decimal) -> Decimal:
    """Shape factor times power factor."""
    return ONE / (1 - thickness_mm / MM / index * front) / (1 - vertex_mm / MM * power)


@rule("b.7.magnification", "1")
def magnification(
    power: Decimal, front: Decimal, thickness_mm: Decimal, index: Decimal, vertex_mm: Decimal
) -> Found[Decimal]:
    """How much larger the world looks through a spectacle lens."""
    return Found(magnified(front, thickness_mm, index, vertex_mm, power))


@rule("b.7.aniseikonia", "1")
def aniseikonia(magnification_right: Decimal, magnification_left: Decimal) -> Found[Decimal]:
    """Difference of the two spectacle magnifications in per cent: an estimate of the difference in image size."""
    gap = 100 * abs(magnification_right - magnification_left)
    return Found(gap, notes((gap >= 3, note("large"))))
