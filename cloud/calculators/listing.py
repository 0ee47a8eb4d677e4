"""The rules by subject and the tables by line, as pages list them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cloud.optics import registry
from cloud.optics.catalogue import Subject
from cloud.optics.reference import Edition
from cloud.optics.rule import Calculator


@dataclass(frozen=True, slots=True)
class Listed:
    """A subject with its rules in order."""

    subject: Subject
    rules: tuple[Calculator[..., Any], ...]


def subjects(words: str) -> list[Listed]:
    """Subjects whose rules hold every word, in any language, in id, title, purpose or source."""
    wanted = words.lower().split()
    found: dict[str, list[Calculator[..., Any]]] = {}
    for rule in registry.calculators().values():
        if all(word in _text(rule) for word in wanted):
            found.setdefault(rule.entry.subject.module, []).append(rule)
    return [Listed(rules[0].entry.subject, tuple(rules)) for rules in found.values()]


def _text(rule: Calculator[..., Any]) -> str:
    entry = rule.entry
    said = (entry.subject.title, entry.title, entry.does)
    return " ".join([entry.id, entry.source, *(f"{words.en} {words.zh}" for words in said)]).lower()


def lines(edition: Edition) -> list[tuple[str, str]]:
    """The numbers of an edition, flat: where and what."""
    return [(path, _written(value)) for path, value in _flat("", edition.data)]


def _flat(path: str, data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping) and data and not any(isinstance(value, Mapping | list) for value in data.values()):
        yield path, ", ".join(f"{name} {_written(value)}" for name, value in data.items())
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _flat(f"{path} {name}".strip(), value)
    elif isinstance(data, list) and data and isinstance(data[0], Mapping):
        for at, value in enumerate(data, start=1):
            yield from _flat(f"{path} {at}", value)
    else:
        yield path, data


def _written(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_written(one) for one in value)
    return f"{value:f}".replace("-", "−") if isinstance(value, Decimal) else str(value)
