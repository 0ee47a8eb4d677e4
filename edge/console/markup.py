"""HTML in small: what is no Html is text, and text is escaped."""

from html import escape
from typing import Any

VOID = frozenset({"meta", "link", "input", "br", "img"})


class Html(str):
    """Already markup."""

    __slots__ = ()


def tag(name: str, /, *children: Any, **attributes: Any) -> Html:
    """An element; ``class_`` and ``for_`` are class and for, ``aria_label`` is aria-label, True stands alone."""
    said = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    if name in VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{joined(*children)}</{name}>")


def joined(*children: Any) -> Html:
    """Several things in a row; lists are laid out, None is nothing."""
    return Html("".join(_child(one) for one in children))


def _child(one: Any) -> str:
    if one is None:
        return ""
    if isinstance(one, Html):
        return str(one)
    if isinstance(one, list | tuple):
        return joined(*one)
    return escape(str(one))


def _attribute(key: str, value: Any) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
