"""What is said about each rule: title, source, inputs, outputs, cautions, worked examples; data beside this file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from cloud.optics import terms
from cloud.optics.terms import Term
from cloud.optics.words import Words


@dataclass(frozen=True, slots=True)
class Subject:
    """A chapter of the catalogue; ``module`` is the module of ``cloud.optics`` that holds its rules."""

    module: str
    section: str
    title: Words
    use: Words


@dataclass(frozen=True, slots=True)
class Example:
    """A worked number: what is entered and what has to be shown, both as text."""

    given: Mapping[str, str]
    shows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule's page in the catalogue."""

    id: str
    subject: Subject
    title: Words
    does: Words
    formula: str
    source: str
    unverified: bool
    table: str
    starts_on: bool
    chart: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    own: Mapping[str, Term]
    cautions: Mapping[str, Words]
    examples: tuple[Example, ...]

    def term(self, name: str) -> Term:
        """The quantity of this name as this rule means it. Raises KeyError."""
        return self.own.get(name) or terms.terms()[name]


GENERAL_USE = Words(
    "Arithmetic for a qualified person to check. It neither diagnoses nor prescribes.",
    "供专业人员核对的计算结果，不作诊断，也不构成处方。",
)


@cache
def entries() -> Mapping[str, Entry]:
    """Every entry by its rule's id, in order of the subjects."""
    found = (_file(place.name[:-5], place.read_text(encoding="utf-8")) for place in _places())
    in_order = sorted(found, key=lambda pair: _number(pair[0].section))
    return {entry.id: entry for _subject, some in in_order for entry in some}


def _places() -> list[Any]:
    places = (files("cloud.optics") / "catalogue").iterdir()
    return sorted((p for p in places if p.name.endswith(".toml") and p.name != "terms.toml"), key=lambda p: p.name)


def _number(section: str) -> tuple[int, str]:
    digits = "".join(letter for letter in section if letter.isdigit())
    return int(digits), section


def _file(module: str, text: str) -> tuple[Subject, list[Entry]]:
    raw = tomllib.loads(text, parse_float=Decimal)
    use = Words.read(raw["use"]) if "use" in raw else GENERAL_USE
    subject = Subject(module, raw["section"], Words.read(raw["title"]), use)
    return subject, [_entry(subject, one) for one in raw["rule"]]


def _entry(subject: Subject, raw: Mapping[str, Any]) -> Entry:
    return Entry(
        id=raw["id"],
        subject=subject,
        title=Words.read(raw["title"]),
        does=Words.read(raw["does"]),
        formula=raw.get("formula", ""),
        source=raw["source"],
        unverified=raw.get("unverified", False),
        table=raw.get("table", ""),
        starts_on=raw.get("starts_on", True),
        chart=raw.get("chart", ""),
        takes=tuple(raw["takes"]),
        gives=tuple(raw["gives"]),
        own={name: _own(name, part) for name, part in raw.get("own", {}).items()},
        cautions={code: Words.read(both) for code, both in raw.get("cautions", {}).items()},
        examples=tuple(Example(one["given"], one["shows"]) for one in raw.get("examples", ())),
    )


def _own(name: str, raw: Mapping[str, Any]) -> Term:
    """A term as one rule means it: another name for a term, or that term with other words or limits."""
    known = terms.terms().get(raw.get("like", name))
    if known is None:
        return terms.read(name, raw)
    label = Words.read(raw) if "en" in raw else known.label
    changed = {key: value for key, value in raw.items() if key not in ("like", "en", "zh")}
    changed |= {end: Decimal(changed[end]) for end in ("least", "most") if end in changed}
    return replace(known, name=name, label=label, **changed)
