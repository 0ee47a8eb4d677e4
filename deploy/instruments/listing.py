"""``emmetra instruments``: makes, models, links, kinds and grade, straight from the manifests."""

import argparse
import json
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from edge.discovery import Manifest, families
from edge.discovery.manifest import Grade

GRADES = get_args(Grade)
MAPPED = "mapped"
COLUMNS = ("maker", "model", "grade", "kinds", "links", "family")


def main(argv: Sequence[str]) -> int:
    """List them for people, or for programs with ``--json``."""
    parser = argparse.ArgumentParser(prog="emmetra instruments", description="List supported instruments.")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    rows = [row for manifest in families() for row in listed(manifest)]
    if parser.parse_args(argv).json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _table(rows)
        print(f"\n{counted(rows)}")
    return 0


def listed(manifest: Manifest) -> list[dict[str, Any]]:
    """One row a model; a family that reads by a map is one row, as the map is the format."""
    shared = {"links": list(manifest.links), "family": manifest.family, "dialect": manifest.dialect.split(".")[-1]}
    if manifest.mapped:
        remark = "Whoever sets the gateway up says what each column is; we know no maker's table."
        row = {"maker": "any", "model": "text table", "grade": MAPPED, "kinds": list(manifest.mapped)}
        return [row | shared | {"remark": remark}]
    return [
        {"maker": model.maker, "model": model.model, "grade": model.grade, "kinds": list(model.kinds)}
        | shared
        | ({"line": str(line)} if (line := manifest.line(model)) else {})
        | ({"remark": model.remark} if model.remark else {})
        for model in manifest.models
    ]


def counted(rows: Sequence[dict[str, Any]]) -> str:
    """How many models there are by their best grade; one that speaks two dialects is one model."""
    best: dict[tuple[str, str], int] = {}
    known = [row for row in rows if row["grade"] != MAPPED]
    for row in known:
        model = row["maker"], row["model"]
        best[model] = min(best.get(model, len(GRADES)), GRADES.index(row["grade"]))
    told = ", ".join(f"{list(best.values()).count(at)} {grade}" for at, grade in enumerate(GRADES))
    return f"{len(best)} models in {len({row['dialect'] for row in known})} dialects: {told}"


def _table(rows: Iterable[dict[str, Any]]) -> None:
    cells = [COLUMNS, *(tuple(map(_cell, (row[column] for column in COLUMNS))) for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(COLUMNS))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
