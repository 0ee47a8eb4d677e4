"""Writes ``docs/models.md``: every model with its grade, from the drivers' manifests: ``python -m deploy.models``."""

import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.instruments.listing import counted, listed
from edge.discovery import Manifest, Model, families

PAGE = Path(__file__).parent.parent / "docs" / "models.md"
HEAD = """# Supported instruments

Made by `python -m deploy.models` from the manifests under `edge/drivers`. **verified**: a real capture of this model
replays in the tests. **documented**: built from its maker's manual. **reported**: built from second-hand facts; a
first capture decides. Every model is read in the tests from what its simulator says.
[How each dialect speaks](wire/README.md), [how to add one](instruments.md)."""


def page() -> str:
    """The page as it should be."""
    rows = [row for manifest in families() for row in listed(manifest)]
    return "\n\n".join([HEAD, f"{counted(rows)}.", *map(_section, families())]) + "\n"


def _section(manifest: Manifest) -> str:
    name = manifest.dialect.split(".")[-1]
    head = f"## {manifest.name}\n\n`{manifest.family}` over {', '.join(manifest.links)}; [wire page](wire/{name}.md)"
    if manifest.mapped:
        kinds = ", ".join(kind.replace("_", " ") for kind in manifest.mapped)
        return f"{head}\n\nNo model is listed: whoever sets the gateway up says what each column is ({kinds})."
    return f"{head}\n\n| Make | Model | Grade | Reads | Line | |\n|---|---|---|---|---|---|\n" + "\n".join(
        _line(manifest, model) for model in _sorted(manifest.models)
    )


def _sorted(models: Iterable[Model]) -> list[Model]:
    return sorted(models, key=lambda model: (model.maker, model.model))


def _line(manifest: Manifest, model: Model) -> str:
    kinds = ", ".join(kind.replace("_", " ") for kind in model.kinds)
    line = manifest.line(model)
    return f"| {model.maker} | {model.model} | {model.grade} | {kinds} | {line or ''} | {model.remark or ''} |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
