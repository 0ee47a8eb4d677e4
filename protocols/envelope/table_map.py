"""How a table that some program writes is to be read: drawn by whoever stands before the program, guessed by nobody.

Both houses check a map against these types; whether its keys and units exist is known to the dialect that follows it.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec

from protocols.envelope.messages import Message

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Words = Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=400)]
Side = Literal["right", "left"]


class MappedColumn(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A column by its name, exactly as it stands there, and what it holds; ``eye`` where it is of one eye only."""

    name: Text
    key: Text
    unit: Text | None = None
    eye: Side | None = None


class EyeFrom(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where a row's eye stands: in a column, in the file's name, or in a line above the names (counted from 1).

    ``right`` and ``left`` are the words that mean one; in names and lines they are words of their own (``AL_OD_1``).
    """

    column: Text | None = None
    file: bool = False
    line: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    right: Words = []
    left: Words = []


class Only(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Rows are read where this column holds one of these words; others are no measurements."""

    column: Text
    values: Words


class TableMap(Message, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One export of one program.

    ``header`` is the line of the names, from 1; 0 where no line has them, and columns are called ``1``, ``2``, … With
    ``layout`` ``pairs`` each line from ``header`` on is a name and a value. ``until`` is the first cell of the line at
    which the table ends. ``day``, ``time`` and ``moment`` are written with YYYY MM DD hh mm ss. ``missing`` are the
    words for no value. Columns under ``keep`` stay as they came, those under ``ignore`` go.
    """

    column: Annotated[list[MappedColumn], msgspec.Meta(min_length=1, max_length=400)]
    maker: Text | None = None
    model: Text | None = None
    encoding: Text = "utf-8"
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = ";"
    decimal: Literal[".", ","] = "."
    header: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 1
    layout: Literal["rows", "pairs"] = "rows"
    until: Text | None = None
    day: Text | None = None
    time: Text | None = None
    moment: Text | None = None
    missing: Words = []
    keep: Words = []
    ignore: Words = []
    only: Annotated[list[Only], msgspec.Meta(max_length=20)] = []
    eye: EyeFrom | None = None


def as_toml(drawn: TableMap) -> str:
    """A map as its file; what stands there by itself is left out."""
    said: dict[str, Any] = msgspec.to_builtins(drawn)
    return "\n".join(_toml(said)) + "\n"


def _toml(said: dict[str, Any]) -> Iterator[str]:
    """Plain keys first: in TOML they belong to the table above them."""
    yield from _keys(said)
    if "eye" in said:
        yield from ("", "[eye]", *_keys(said["eye"]))
    for name in ("only", "column"):
        for one in said.get(name, []):
            yield from ("", f"[[{name}]]", *_keys(one))


def _keys(said: dict[str, Any]) -> Iterator[str]:
    for key, value in said.items():
        if key not in ("eye", "only", "column") or isinstance(value, str):
            # a text, number, switch or list of texts is the same in JSON and TOML
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
