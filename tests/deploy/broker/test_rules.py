import pytest

from deploy.broker import BadRule, Rules
from deploy.broker.rules import Everything


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("topic read a\nthing b", "line 2: 'thing' is not one of user, topic, pattern"),
        ("\n# fine\npattern read a/#/b", "line 3: 'a/#/b' is not a topic filter"),
        ("topic", "line 1: '' is not a topic filter"),
        ("user", "line 1: 'user' is not one of user, topic, pattern"),
    ],
)
def test_a_rule_that_cannot_be_read_is_named_by_its_line(text, sentence):
    with pytest.raises(BadRule) as refusal:
        Rules.parse(text)

    assert str(refusal.value) == sentence


def test_without_access_a_rule_means_both_ways():
    permit = Rules.parse("topic a/#").permit("", "")

    assert permit.may_read("a/b") and permit.may_write("a")


def test_lines_belong_to_the_user_above_them():
    rules = Rules.parse("topic read x\nuser alice\ntopic write a b\nuser bob\ntopic read c")

    assert rules.permit("alice", "").may_write("a b")
    assert not rules.permit("bob", "").may_write("a b")
    assert rules.permit("", "").may_read("x") and not rules.permit("alice", "").may_read("x")


def test_what_is_denied_stays_denied():
    permit = Rules.parse("topic readwrite a/#\ntopic deny a/secret/#").permit("", "")

    assert permit.may_write("a/x")
    assert not permit.may_write("a/secret") and not permit.may_read("a/secret/x")


@pytest.mark.parametrize("name", ["", "+", "a/+/b", "#", "a/#", "a//b", "/a", "a/"])
def test_a_dangerous_name_fills_no_pattern(name):
    permit = Rules.parse("pattern readwrite o/%u/#").permit(name, "c")

    assert not permit.may_subscribe("#") and not permit.may_write("o/a/b")


def test_a_client_id_can_fill_a_pattern_but_never_smuggle_another():
    rules = Rules.parse("pattern write d/%c/x")

    assert rules.permit("", "gw1").may_write("d/gw1/x")
    assert not rules.permit("victim", "%u").may_write("d/victim/x")


def test_what_is_remembered_stays_bounded():
    permit = Rules.parse("topic read a/#").permit("", "")
    for n in range(5_000):
        permit.may_read(f"a/{n}")

    assert len(permit._known) <= 2_048


def test_rules_survive_being_written_for_mosquitto():
    rules = Rules.parse("pattern write o/%u/#\nuser bob\ntopic read c\nuser alice\ntopic deny d\ntopic e")
    again = Rules.parse(str(rules))

    assert str(again) == str(rules)
    assert again.permit("alice", "").may_write("o/alice/x") and again.permit("bob", "").may_read("c")


def test_without_rules_everything_is_allowed():
    assert Everything().may_read("a") and Everything().may_write("a") and Everything().may_subscribe("#")
