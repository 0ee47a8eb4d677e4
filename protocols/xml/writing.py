"""Documents put together for instruments that read them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

_FORBIDDEN = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


class Unfit(ValueError):
    """What was to be sent does not fit the form: a plain sentence without a full stop, which quotes no text."""


@dataclass(frozen=True, slots=True)
class Tag:
    """An element to be written: a text, or elements below."""

    name: str
    said: "str | Decimal | int | list[Tag] | None" = None
    marks: dict[str, str] = field(default_factory=dict)


def text_of(tag: Tag, *, newline: str, indent: str = "  ", depth: int = 0) -> str:
    """An element and everything below it, one a line. Raises Unfit."""
    edge = indent * depth
    marks = "".join(f' {name}="{_escaped(value)}"' for name, value in tag.marks.items())
    if isinstance(tag.said, list):
        below = "".join(text_of(child, newline=newline, indent=indent, depth=depth + 1) for child in tag.said)
        return f"{edge}<{tag.name}{marks}>{newline}{below}{edge}</{tag.name}>{newline}"
    said = "" if tag.said is None else _escaped(str(tag.said))
    return f"{edge}<{tag.name}{marks}>{said}</{tag.name}>{newline}"


def signed(value: Decimal | None) -> str:
    """A power with its sign, as NIDEK writes it."""
    return "" if value is None else f"{value:+f}"


def _escaped(text: str) -> str:
    if _FORBIDDEN.search(text):
        raise Unfit("a text holds a character that XML cannot carry")
    return "".join(_NAMED.get(sign, sign) for sign in text)
