"""b.16: binocular findings beside the norms of a named table."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cloud.optics.reference import table
from cloud.optics.rule import Found, data, note, notes, rule

MEASURES = "binocular_norms"
FACILITY = "accommodative_facility"


@dataclass(frozen=True, slots=True)
class Beside:
    """A finding beside its norm; ``position`` is below, within or above."""

    position: str
    norm_from: Decimal | None
    norm_to: Decimal | None
    norm_mean: Decimal | None
    deviations: Decimal | None


def norm(measure: str, edition: str | None = None, age: Decimal | None = None) -> Mapping[str, Decimal] | None:
    """Mean with its spread, or the ends of a range; None when this table does not give the measure."""
    row: Mapping[str, Any] | None = data(MEASURES, edition)["measure"].get(measure)
    if row is None:
        return None
    if "per_year" in row:
        return None if age is None else {"mean": row["at_birth"] - age / row["per_year"], "spread": row["spread"]}
    return row


@rule("b.16.against_norm", "1")
def against_norm(
    measure: str, found: Decimal, age: Decimal | None = None, edition: str | None = None
) -> Found[Beside | None]:
    """Where a finding lies against the chosen table."""
    row = norm(measure, edition, age)
    if row is None:
        return Found(None, (note("not_in_table"),))
    beside = _beside(found, row)
    return Found(beside, notes((beside.position != "within", note("outside"))))


def _beside(found: Decimal, row: Mapping[str, Decimal]) -> Beside:
    mean, spread = row.get("mean"), row.get("spread")
    least = row.get("least") if mean is None or spread is None else mean - spread
    most = row.get("most") if mean is None or spread is None else mean + spread
    deviations = (found - mean) / spread if mean is not None and spread else None
    below, above = least is not None and found < least, most is not None and found > most
    return Beside("below" if below else "above" if above else "within", least, most, mean, deviations)


@rule("b.16.facility", "1")
def facility(age: Decimal, eyes: str, cycles: Decimal, edition: str | None = None) -> Found[Beside | None]:
    """Accommodative facility with ±2.00 flippers, cycles a minute, beside the norm of the age."""
    for band in data(FACILITY, edition)["band"]:
        if band["from_age"] <= age <= band["to_age"]:
            return Found(_beside(cycles, band[eyes]))
    return Found(None, (note("not_in_table"),))


def editions() -> tuple[str, ...]:
    """Names of the norm tables."""
    return tuple(edition.id for edition in table(MEASURES).editions)
