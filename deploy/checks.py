"""Writes ``docs/checks.md``, every check of the gateway with what it may find: ``python -m deploy.checks``."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edge.diagnostics.checks import CHECKS
from edge.diagnostics.result import WORDS

PAGE = Path(__file__).parent.parent / "docs" / "checks.md"
HEAD = """# What the gateway checks

Made by `python -m deploy.checks` from `edge/diagnostics/checks.toml`. `emmetra gateway check` runs all of them, one
after the other, in this order, which is the order in which a person would mend things; `--json` for programs,
`--language zh` in Chinese; it ends with 1 when one has failed. The order `check` does the same from afar, and the
console has them on a page. What a box cannot tell is skipped and said so."""
VERDICTS = {"ok": "well", "warn": "look", "fail": "mend", "skip": "skipped"}


def page() -> str:
    """The whole page."""
    words = tomllib.loads(WORDS.read_text("utf-8"))
    return "\n".join([HEAD, *(line for check in CHECKS for line in _check(check, words[check]))]) + "\n"


def _check(check: str, words: dict[str, Any]) -> Iterator[str]:
    yield f"\n## `{check}`: {words['name']['en']} ({words['name']['zh']})\n\n{words['asks']['en']}\n"
    yield "| | found | what to do |\n|---|---|---|"
    for case in words["cases"].values():
        fix = case.get("fix", {}).get("en", "")
        yield f"| {VERDICTS[case['verdict']]} | {_cell(case['en'])} | {_cell(fix)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("{", "*").replace("}", "*")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    print(f"Wrote {PAGE}: {len(CHECKS)} checks", file=sys.stderr)


if __name__ == "__main__":
    main()
