"""The table of rules: whole, in both languages, and each rule has something that sees it."""

import string

import pytest

from cloud.operations import conditions, tables
from cloud.readings import heard

ABOVE = {"dead_letters": heard.dead_letters}


@pytest.mark.parametrize("name", tables.rules())
def test_a_rule_says_what_is_so_what_to_do_and_when_in_both_languages(name):
    rule = tables.rules()[name]
    for words in (rule.title, rule.said, rule.advice, rule.setting):
        assert words.en.strip()
        assert any("\u4e00" <= letter <= "\u9fff" or letter == "{" for letter in words.zh)
    named = [{part[1] for part in string.Formatter().parse(said) if part[1]} for said in (rule.said.en, rule.said.zh)]
    assert named[0] == named[1]


@pytest.mark.parametrize("name", tables.rules())
def test_a_default_lies_within_its_bounds(name):
    rule = tables.rules()[name]
    assert (rule.amount is None) == (rule.unit == "none")
    assert rule.amount is None or rule.least <= rule.amount <= rule.most


def test_every_rule_has_something_that_sees_it():
    assert set(tables.rules()) == set(conditions.OURS) | set(ABOVE)
