"""Versions of a signed record: what changed between two, and whether each is what was signed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from cloud.clinic import signing
from cloud.clinic.models import Version
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet

Trouble = Literal["digest", "chain", "rows"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A place that says something else; ``before`` or ``after`` is None where it said nothing."""

    place: Place
    before: Item | None
    after: Item | None


def changes(before: Sheet, after: Sheet) -> list[Changed]:
    """What differs from one version to another, by place in the order of the record."""
    found = (Changed(place, before.get(place), after.get(place)) for place in sorted({*before, *after}))
    return [one for one in found if _said(one.before) != _said(one.after)]


def _said(item: Item | None) -> object:
    return (item.entered, item.quality, item.confirmed) if item else None


def troubles(versions: Sequence[Version], shown: Version, sheet: Sheet) -> list[Trouble]:
    """What speaks against the shown version being what was signed; nothing, where all is well.

    ``digest``: a body no longer gives its SHA-256. ``chain``: a version does not name the digest of the one before.
    ``rows``: the values shown are not those of the signed body.
    """
    upto = [one for one in versions if one.number <= shown.number]
    found: list[tuple[Trouble, bool]] = [
        ("digest", all(one.sha256 == hashlib.sha256(one.body.encode()).hexdigest() for one in upto)),
        ("chain", _chained(upto)),
        ("rows", _entries(shown) == _again(shown, sheet)),
    ]
    return [trouble for trouble, well in found if not well]


def _chained(upto: Sequence[Version]) -> bool:
    numbers = [one.number for one in upto] == list(range(1, len(upto) + 1))
    before = [None, *(one.sha256 for one in upto)]
    return numbers and all(one.previous == last for one, last in zip(upto, before, strict=False))


def _entries(version: Version) -> object:
    """What the signed text says; nothing where it is no record any more."""
    try:
        body = msgspec.json.decode(version.body)
        return [_comparable(one, body["encounter"]["began_at"]) for one in body["entries"]]
    except (msgspec.DecodeError, ArithmeticError, LookupError, TypeError, ValueError):
        return None


def _again(version: Version, sheet: Sheet) -> object:
    try:
        began = msgspec.json.decode(version.body)["encounter"]["began_at"]
    except (msgspec.DecodeError, LookupError, TypeError):
        return ()
    entries = msgspec.json.decode(signing.canonical({"entries": signing.plain(sheet)}))["entries"]
    return [_comparable(one, began) for one in entries]


def _comparable(entry: Mapping[str, Any], began: str) -> dict[str, Any]:
    """An entry whose figures and moments compare by what they are, not by how they are written.

    What names no moment of its own was measured when the visit began, which is how it lies in its row.
    """
    moments = {"measured_at": entry.get("measured_at", began), "recorded_at": entry["recorded_at"]}
    value = entry.get("value", {})
    figures = {name: Decimal(value[name]) for name in ("number", "base") if name in value}
    return {**entry, **{k: datetime.fromisoformat(at) for k, at in moments.items()}, "value": {**value, **figures}}


def overrides(version: Version) -> list[dict[str, str]]:
    """Findings the record was signed in spite of, each with its reason."""
    try:
        found: list[dict[str, str]] = msgspec.json.decode(version.body)["overrides"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return []
    return found
