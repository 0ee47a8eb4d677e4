import re

from hypothesis import given
from hypothesis import strategies as st

from deploy.broker.topics import is_filter, is_name, matches, overlap

levels = st.sampled_from(["a", "b", "", "$s"])
names = st.lists(levels, min_size=1, max_size=4)
patterns = st.builds(
    lambda head, rest: head + rest,
    st.lists(st.sampled_from(["a", "b", "", "$s", "+"]), min_size=1, max_size=4),
    st.sampled_from([[], ["#"]]),
)


def oracle(pattern, name):
    """The standard's table, as a regular expression."""
    text = "/".join(pattern)
    expression = re.escape(text).replace(r"\+", "[^/]*")
    expression = re.sub(r"/\\#$", "(/.*)?", expression).replace(r"\#", ".*")
    hidden = name[0].startswith("$") and pattern[0] in ("+", "#")
    return not hidden and re.fullmatch(expression, "/".join(name)) is not None


@given(patterns, names)
def test_matching_agrees_with_a_regular_expression(pattern, name):
    assert matches(pattern, name) == oracle(pattern, name)


@given(patterns, patterns, names)
def test_filters_that_take_the_same_name_overlap(one, two, name):
    if matches(one, name) and matches(two, name):
        assert overlap(one, two) and overlap(two, one)


@given(names, patterns)
def test_a_plain_filter_overlaps_exactly_what_takes_it(name, pattern):
    if not name[0].startswith("$"):
        assert overlap(name, pattern) == matches(pattern, name)


def test_what_is_a_name_and_what_is_a_filter():
    assert is_name("a/b") and is_name("/") and is_name(" ")
    assert not any(map(is_name, ["", "a/+", "#", "a\0", "$SYS/x", "/" * 200]))
    assert is_filter("a/+/#") and is_filter("$share/g/#") and is_filter("$SYS/#")
    assert not any(map(is_filter, ["", "a#", "a/#/b", "+a", "$share/g", "$share//a", "$share/+/a", "$share/g/"]))
