"""Writes ``docs/telemetry.md``: every figure with its unit and meaning: ``python -m deploy.figures``."""

import sys
from collections.abc import Iterable
from pathlib import Path

from cloud.telemetry import meters
from cloud.telemetry.choices import HOURS_FOR, RAW_COUNT, RAW_FOR
from edge.telemetry.telling import EVERY_S
from protocols.envelope.figures import COUNTERS, GAUGES, INSTRUMENT, Figure

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "telemetry.md"
TEXT = ROOT / "deploy" / "figures.txt"


def page() -> str:
    """The whole page."""
    return TEXT.read_text("utf-8").format(
        every=EVERY_S,
        raw_days=RAW_FOR.days,
        raw_count=f"{RAW_COUNT:,}",
        hour_days=HOURS_FOR.days,
        gauges=_table(GAUGES),
        counters=_table(COUNTERS),
        instrument=_table(INSTRUMENT),
        meters=_meters(),
    )


def _table(figures: Iterable[Figure]) -> str:
    lines = [f"| `{one.short}` | `{one.name}` | {one.unit} | {one.meaning} |" for one in figures]
    return "\n".join(["| On the wire | Kept as | Unit | Meaning |", "|---|---|---|---|", *lines])


def _meters() -> str:
    found = [(family.name, family.type, family.documentation) for family in meters.REGISTRY.collect()]
    ours = [f"| `{name}` | {kind} | {meaning} |" for name, kind, meaning in found if name.startswith("emmetra_")]
    return "\n".join(["| Name | Kind | Meaning |", "|---|---|---|", *ours])


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
