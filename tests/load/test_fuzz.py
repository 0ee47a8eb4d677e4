"""A small share of ``make fuzz`` with every run of the tests, and everything it ever found."""

import random

import pytest

from edge.discovery import dialect, families
from tests.load.fuzz import FOUND, judge, patience, seeds
from tests.load.mutations import mutated

FAMILIES = [one for one in families() if one.family != "mapped_table"]  # what a map says of a table, nobody else can
FINDINGS = sorted(FOUND.glob("*.bin"))


@pytest.mark.parametrize("manifest", [pytest.param(one, id=one.family) for one in FAMILIES])
def test_two_hundred_accidents_end_in_readings_or_a_refusal(manifest):
    spoken, luck = dialect(manifest), random.Random(manifest.family)
    for _ in range(200):
        with patience():
            judge(spoken, mutated(luck, seeds(manifest.family)), luck)
    assert seeds(manifest.family)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FINDINGS])
def test_what_was_found_once_is_mended_for_ever(path):
    name, data = path.stem.rsplit("-", 1)[0], path.read_bytes()
    spoken = next(found for one in families() if name == (found := dialect(one)).DIALECT)
    with patience():
        judge(spoken, data, random.Random(1))
    assert data
