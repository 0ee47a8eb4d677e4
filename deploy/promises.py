"""Writes ``docs/promises.md``: what the gateway promises, each with its test: ``python -m deploy.promises``.

A promise stands above the test that proves it: ``@pytest.mark.edge("EDGE-001", "A sentence.")``.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "promises.md"
HEAD = """# What the gateway promises

Made by `python -m deploy.promises` from the marks above the tests. Each promise is proven by the test beside it
whenever `make test` runs; one of them alone: `make test T=tests/edge/test_kills.py`."""


@dataclass(frozen=True, order=True)
class Promise:
    """A numbered sentence and the test that proves it; ``path`` is relative to the checkout."""

    number: str
    sentence: str
    path: str
    test: str


class Unreadable(ValueError):
    """A mark that does not hold a number and a sentence as plain text; says where."""


def promises() -> list[Promise]:
    """All of them by number. Raises Unreadable."""
    return sorted(one for path in sorted((ROOT / "tests").rglob("test_*.py")) for one in _in_file(path))


def _in_file(path: Path) -> Iterator[Promise]:
    text = path.read_text("utf-8")
    if "mark.edge(" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in filter(_is_promise, node.decorator_list):
                yield Promise(*_said(mark, path), str(path.relative_to(ROOT)), node.name)


def _is_promise(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.edge"


def _said(mark: ast.expr, path: Path) -> tuple[str, str]:
    try:
        number, sentence = ast.literal_eval(ast.Tuple(mark.args, ast.Load()))  # type: ignore[attr-defined]
    except ValueError:
        raise Unreadable(f"{path}:{mark.lineno}: write the number and the sentence as they are") from None
    return number, sentence


def page() -> str:
    """The page as it should be."""
    found = promises()
    rows = [f"| {one.number} | {one.sentence} | [{one.test}](../{one.path}) |" for one in found]
    return (
        "\n\n".join([HEAD, f"{len(found)} promises.", "| Number | Promise | Test |\n|---|---|---|\n" + "\n".join(rows)])
        + "\n"
    )


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
