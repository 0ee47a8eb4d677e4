"""Every rule there is, in the order of the catalogue."""

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from cloud.optics import catalogue
from cloud.optics.rule import CALCULATORS, Calculator


class NoSuchRule(LookupError):
    """There is no rule of this id."""


@cache
def calculators() -> Mapping[str, Calculator[..., Any]]:
    """All rules by id. Raises KeyError when the catalogue speaks of one that no module has."""
    entries = catalogue.entries()
    for module in {entry.subject.module for entry in entries.values()}:
        importlib.import_module(f"cloud.optics.{module}")
    return {rule_id: CALCULATORS[rule_id] for rule_id in entries}


def calculator(rule_id: str) -> Calculator[..., Any]:
    """One of them. Raises NoSuchRule."""
    found = calculators().get(rule_id)
    if found is None:
        raise NoSuchRule(rule_id)
    return found
