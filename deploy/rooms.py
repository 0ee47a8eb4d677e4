"""Writes ``docs/rooms.md``: every room's card, which is the first sentence of its package."""

import ast
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "rooms.md"
HOUSES = ("protocols", "edge", "cloud", "firmware_sim", "deploy")
HEAD = "# Rooms\n\nMade by `python -m deploy.rooms` from the first sentence of every package.\n"


@cache
def cards() -> dict[str, str]:
    """Rooms by name, with what each says of itself."""
    inits = sorted(init for house in HOUSES for init in (ROOT / house).rglob("__init__.py"))
    return {str(init.parent.relative_to(ROOT)): _card(init) for init in inits}


def _card(init: Path) -> str:
    doc = ast.get_docstring(ast.parse(init.read_text())) or ""
    return " ".join(doc.split("\n\n")[0].split())


def page() -> str:
    """The page as it should be."""
    lines = [f"| `{room}` | {card} |" for room, card in cards().items()]
    return "\n".join([HEAD, "| Room | Card |", "|---|---|", *lines]) + "\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
