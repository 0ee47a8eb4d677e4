"""XML as instruments write it: one element a line, indented, empty elements spelt out."""

from html import escape

Lines = list[str]


def leaf(name: str, said: object = "", marks: str = "") -> Lines:
    """An element with a text; nothing said stays an empty element."""
    return [f"<{_opened(name, marks)}>{'' if said is None else escape(str(said), quote=False)}</{name}>"]


def node(name: str, *below: Lines, marks: str = "", indent: str = "\t") -> Lines:
    """An element with elements below."""
    inside = [indent + line for lines in below for line in lines]
    return [f"<{_opened(name, marks)}>", *inside, f"</{name}>"]


def _opened(name: str, marks: str) -> str:
    return f"{name} {marks}" if marks else name
