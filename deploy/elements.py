"""Writes ``docs/elements.md`` from the clinic's catalogue: ``python -m deploy.elements``."""

import sys
from collections.abc import Iterator
from pathlib import Path

from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Element, Field, Group, Template, Words

PAGE = Path(__file__).parent.parent / "docs" / "elements.md"
HEAD = """# Elements of an examination

Made by `python -m deploy.elements` from `cloud/clinic/catalogue`. Sides: R and L are the patient's own eyes, B is
measured with both together, N is of no eye. Limits: outside the outer pair an entry is refused, outside the inner pair
the page asks. In bold: what a template wants said before the record is signed.
"""


def page() -> str:
    """The page as it should be."""
    parts = [HEAD, *_templates(), *_codes()]
    for group in registry.groups().values():
        parts += _group(group)
    return "\n".join(parts)


def _group(group: Group) -> Iterator[str]:
    yield f"## {_both(group.title)}\n"
    for one in registry.elements().values():
        if one.group == group.code:
            yield _element(one)


def _element(one: Element) -> str:
    head = [f"### `{one.code}` {_both(one.title)}\n", f"Version {one.version}, {_times(one)}.\n"]
    table = ["| Field | English | 中文 | Holds | Sides | Limits | Normal |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *table, *(_field(spec) for spec in one.fields)]) + "\n"


def _times(one: Element) -> str:
    return "once a visit" if one.repeats == 1 else f"up to {one.repeats} times a visit"


def _field(spec: Field) -> str:
    code = f"**`{spec.code}`**" if spec.required else f"`{spec.code}`"
    cells = [code, spec.title.en, spec.title.zh, _holds(spec), spec.eyes, _limits(spec), spec.normal]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _holds(spec: Field) -> str:
    if spec.options:
        return f"{spec.kind.value} of {len(spec.options)}"
    return " ".join(part for part in (spec.kind.value.replace("_", "/"), spec.unit, spec.system, spec.canvas) if part)


def _limits(spec: Field) -> str:
    hard = "" if spec.low is None else f"{spec.low} to {spec.high}"
    inner = (spec.ask_below, spec.ask_above)
    soft = "" if inner == (None, None) else " to ".join("…" if end is None else str(end) for end in inner)
    return f"{hard} ({soft})" if soft else hard


def _templates() -> Iterator[str]:
    yield "## Templates of a visit\n"
    yield "| Template | English | 中文 | Ages | Elements in their order |\n|---|---|---|---|---|"
    for one in registry.templates().values():
        yield f"| `{one.code}` | {one.title.en} | {one.title.zh} | {_ages(one)} | {_steps(one)} |"
    yield ""


def _ages(one: Template) -> str:
    return f"{one.from_age} and over" if one.to_age == 150 else f"{one.from_age} to {one.to_age}"


def _steps(one: Template) -> str:
    return ", ".join(f"**{place.element}**" if place.mandatory else place.element for place in one.elements)


def _codes() -> Iterator[str]:
    listed = registry.codes("icd10")
    yield f"## Codes\n\n`icd10`: {len(listed.rows)} rows of {listed.edition}. Source: {listed.source}.\n"


def _both(words: Words) -> str:
    return f"{words.en} · {words.zh}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
