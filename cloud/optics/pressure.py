"""b.15: eye pressure and what should make one consider glaucoma. No corrected pressure is ever a measurement."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cloud.optics.checks import Check, Verdict, plain
from cloud.optics.exact import ZERO
from cloud.optics.rule import Found, data, note, notes, rule


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What two published slopes would add for corneal thickness: their disagreement is the message."""

    first_adds: Decimal
    second_adds: Decimal
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Target:
    """A proposed upper limit of pressure, and the parts it was made of."""

    upper: Decimal | None
    lower: Decimal | None
    reduction_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Visit:
    """The median of a visit's readings by one method; all of them are kept."""

    median: Decimal
    lowest: Decimal
    highest: Decimal
    count: int


@rule("b.15.flags", "1")
def flags(
    iop_right: Decimal | None = None,
    iop_left: Decimal | None = None,
    target_iop: Decimal | None = None,
    cd_right: Decimal | None = None,
    cd_left: Decimal | None = None,
    md_slope: Decimal | None = None,
    van_herick: Decimal | None = None,
    cct_um: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """What is noteworthy in pressure, disc, field and angle; ``holds`` means: consider it."""
    at = data("pressure_flags", edition)
    lines = [
        _from("iop_right", iop_right, at["iop_from"]),
        _from("iop_left", iop_left, at["iop_from"]),
        _from("iop_difference", _gap(iop_right, iop_left), at["iop_difference_from"]),
        _above_target(iop_right, iop_left, target_iop),
        _from("cd_right", cd_right, at["cd_from"]),
        _from("cd_left", cd_left, at["cd_from"]),
        _from("cd_difference", _gap(cd_right, cd_left), at["cd_difference_from"]),
        _under("md_slope", md_slope, at["md_slope_below"]),
        _up_to("van_herick", van_herick, at["van_herick_to"]),
        _under("cct_um", cct_um, at["cct_below"]),
    ]
    raised = sum(1 for line in lines if line.holds)
    known = sum(1 for line in lines if line.holds is not None)
    found = Verdict(tuple(lines), raised, known, raised > 0)
    return Found(found, notes((raised > 0, note("consider"))))


def _gap(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else abs(one - other)


def _from(item: str, found: Decimal | None, least: Decimal) -> Check:
    return Check(item, f"≥ {plain(least)}", found, None if found is None else found >= least)


def _under(item: str, found: Decimal | None, least: Decimal) -> Check:
    return Check(item, f"< {plain(least)}", found, None if found is None else found < least)


def _up_to(item: str, found: Decimal | None, most: Decimal) -> Check:
    return Check(item, f"≤ {plain(most)}", found, None if found is None else found <= most)


def _above_target(right: Decimal | None, left: Decimal | None, target: Decimal | None) -> Check:
    known = [iop for iop in (right, left) if iop is not None]
    if target is None or not known:
        return Check("target_iop", "–", None, None)
    return Check("target_iop", f"> {plain(target)}", max(known), max(known) > target)


@rule("b.15.thickness", "1")
def thickness(iop: Decimal, cct_um: Decimal, edition: str | None = None) -> Found[Adjustment]:
    """What two published slopes would add to a pressure for this cornea; nothing here is a pressure to act on."""
    slopes = data("thickness_slopes", edition)["slope"]
    first, second = ((one["about_um"] - cct_um) * one["per_um"] for one in slopes)
    return Found(Adjustment(first, second, abs(first - second)), (note("contested"),))


@rule("b.15.stage", "1")
def stage(mean_deviation: Decimal, edition: str | None = None) -> Found[str]:
    """Stage of a field's mean deviation in decibel."""
    at = data("glaucoma_stages", edition)
    if mean_deviation > at["early_above"]:
        return Found("early", (note("one_measure"),))
    return Found("moderate" if mean_deviation >= at["severe_below"] else "severe", (note("one_measure"),))


@rule("b.15.target", "1")
def target(baseline_iop: Decimal, stage: str, edition: str | None = None) -> Found[Target]:
    """A proposed upper limit: the lower of an absolute one and the baseline less a share."""
    row: dict[str, Any] = data("target_pressure", edition)["stage"].get(stage, {})
    share = row.get("reduction_percent")
    limits = [row["upper"]] if "upper" in row else []
    limits += [baseline_iop * (100 - share) / 100] if share is not None else []
    found = Target(min(limits) if limits else None, row.get("lower"), share)
    return Found(found, notes((not limits, note("not_given")), (True, note("clinician_sets"))))


@rule("b.15.reduction", "1")
def reduction(baseline_iop: Decimal, iop: Decimal) -> Found[Decimal]:
    """Change of pressure against the baseline, per cent."""
    return Found(100 * (iop - baseline_iop) / baseline_iop)


@rule("b.15.median", "1")
def median(iops: Sequence[Decimal]) -> Found[Visit]:
    """The median of readings made with one method at one visit."""
    row, middle = sorted(iops), len(iops) // 2
    value = row[middle] if len(row) % 2 else (row[middle - 1] + row[middle]) / 2
    return Found(Visit(value, row[0], row[-1], len(row)), notes((row[-1] - row[0] > 3 + ZERO, note("spread"))))
