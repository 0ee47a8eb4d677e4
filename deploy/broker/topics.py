"""Topic names and filters: which are legal, which match, which could ever match the same name."""

from collections.abc import Sequence
from functools import lru_cache

SHARE = "$share/"
_LONGEST = 65_535
_DEEPEST = 128  # MQTT sets no depth; ours is 8 and a bomb of slashes should cost nothing


@lru_cache(4_096)
def is_name(topic: str) -> bool:
    """Whether one may publish to it; names below ``$`` belong to the server (MQTT 5, 4.7.2)."""
    return _is_text(topic) and not topic.startswith("$") and "+" not in topic and "#" not in topic


def is_filter(text: str) -> bool:
    """Whether one may subscribe to it, shared or not."""
    share, plain = split_share(text)
    if text.startswith(SHARE) and (not share or "+" in share or "#" in share):
        return False
    levels = plain.split("/")
    return _is_text(plain) and all(_is_level(level, last=at == len(levels)) for at, level in enumerate(levels, 1))


def split_share(text: str) -> tuple[str, str]:
    """``$share/group/a/+`` is ``("group", "a/+")``; a plain filter has an empty group."""
    if not text.startswith(SHARE):
        return "", text
    group, _, plain = text[len(SHARE) :].partition("/")
    return group, plain


def matches(pattern: Sequence[str], name: Sequence[str]) -> bool:
    """Whether a filter takes a topic name, both as levels."""
    if name[0].startswith("$") and pattern[0] in ("+", "#"):
        return False
    for at, level in enumerate(pattern):
        if level == "#":
            return True
        if at >= len(name) or level not in ("+", name[at]):
            return False
    return len(pattern) == len(name)


def overlap(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether some topic name is taken by both filters."""
    for left, right in zip(one, two, strict=False):
        if "#" in (left, right):
            return True
        if left != right and "+" not in (left, right):
            return False
    longer = one[len(two) :] or two[len(one) :]
    return not longer or longer[0] == "#"  # "a/#" also takes "a"


def _is_text(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and "\0" not in text and text.count("/") < _DEEPEST


def _is_level(level: str, *, last: bool) -> bool:
    if level == "#":
        return last
    return level == "+" or ("+" not in level and "#" not in level)
