"""Writes ``docs/calculators.md``: every rule with its version and source, from the catalogue itself."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cloud.optics import reference, registry
from cloud.optics.reference import Edition
from cloud.optics.rule import Calculator

PAGE = Path(__file__).parent.parent / "docs" / "calculators.md"
HEAD = """# Calculators

Made by `python -m deploy.calculators` from `cloud/optics/catalogue` and `cloud/optics/tables`. Each result names its
rule, its version and its source; a chain switches each rule on or off and chooses among editions of a table.
*Unverified*: nobody has checked it against the publication yet. Worked examples are tests.
"""
DIFFERS = """## Where a recomputed number differs from the list it was taken from

| Rule | Listed | Exact | Shown here |
|---|---|---|---|
| b.5.starting_power, −5.00/−2.50×180 at 12 mm, lens −4.75/−2.25 | 0.087 D | 0.08751 D | 0.088 D |
| the same, lens −5.00/−1.75 | 0.221 D | 0.22044 D | 0.220 D |
"""


def page() -> str:
    """The page as it should be."""
    rules = [_rule(rule) for rule in registry.calculators().values()]
    tables = [_edition(edition) for table in reference.tables() for edition in table.editions]
    parts = [HEAD, *_listed("Rules", ("Id", "Version", "Title", "Source", "Status"), rules)]
    parts += _listed("Reference tables", ("Table", "Edition", "Version", "Population", "Source", "Status"), tables)
    return "\n".join([*parts, DIFFERS])


def _listed(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [f"## {title}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *lines, ""]


def _rule(rule: Calculator[..., Any]) -> tuple[str, ...]:
    entry = rule.entry
    status = _status(entry.unverified) + ("" if entry.starts_on else ", off until a chain switches it on")
    return f"`{rule.id}`", rule.version, entry.title.en, entry.source, status


def _edition(edition: Edition) -> tuple[str, ...]:
    status = _status(edition.unverified)
    return f"`{edition.table}`", f"`{edition.id}`", edition.version, edition.population.en, edition.source, status


def _status(unverified: bool) -> str:
    return "unverified" if unverified else "sourced"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
