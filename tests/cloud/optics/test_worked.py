"""Every worked number of every rule, entered as text and read as it is shown."""

from collections.abc import Iterator

import pytest

from cloud.optics import catalogue, entry, registry, showing
from cloud.optics.rule import EDITION

EXAMPLES = [
    pytest.param(rule_id, example, id=f"{rule_id}-{at}")
    for rule_id, rule in registry.calculators().items()
    for at, example in enumerate(rule.entry.examples)
]


def seen(derived) -> Iterator[tuple[str, str]]:
    """What a person reads, by name; of lists what was found in each line."""
    for row in showing.rows(derived):
        yield row.name, row.text.en
        if row.name == "checks":
            yield from (
                (check.item, line.found.en) for check, line in zip(derived.value.checks, row.table, strict=True)
            )


@pytest.mark.parametrize(("rule_id", "example"), EXAMPLES)
def test_a_worked_number_comes_out_as_written(rule_id, example):
    found = entry.answer(registry.calculator(rule_id), example.given, None)
    assert found.errors == {}
    assert found.derived is not None
    assert (found.derived.rule, found.derived.version) == (rule_id, registry.calculator(rule_id).version)
    shown = dict(reversed(list(seen(found.derived))))
    assert {name: shown.get(name) for name in example.shows} == dict(example.shows)


@pytest.mark.parametrize("rule_id", registry.calculators())
def test_a_rule_and_its_page_speak_of_the_same_things(rule_id):
    rule = registry.calculator(rule_id)
    assert rule.takes == rule.entry.takes
    assert (EDITION in rule.defaults) == bool(rule.entry.table)
    assert rule.entry.examples
    assert rule.entry.source
    assert [rule.entry.term(name).label.zh for name in (*rule.entry.takes, *rule.entry.gives)]
    assert rule.__doc__


def test_every_section_has_its_rules_and_every_function_is_listed():
    sections = {f"b.{rule_id.split('.')[1]}" for rule_id in registry.calculators()}
    assert sections == {f"b.{number}" for number in range(1, 17)}
    assert list(registry.calculators()) == list(catalogue.entries())
