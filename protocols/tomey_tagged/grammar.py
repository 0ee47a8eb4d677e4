"""The words: a tag in brackets, fields behind commas, and where one print-out ends and the next begins.

    [FM_IF],KERATO,1-04-02 CR LF
    [N_R],4,1 CR LF
    [INF_R],1, CR LF
    [K1_R], 8.12, 41.56,12 CR LF

Source: ukinoki/Rufus ``protocols/tomey.cpp`` @70a2597 (RC-5000 "Form" output, Rodenstock CX 2000); grade B.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

DIALECT = "tomey_tagged"
_REST = rb"[^\[]*(?:\[(?!FM_IF\])[^\[]*)*"  # everything up to the next head
BEGINS = re.compile(
    rb"\[FM_IF\],REF" + _REST + rb"(?:\[FM_IF\],KERATO" + _REST + rb")?"  # one print-out in two sections
    rb"|\[FM_IF\]," + _REST + rb"|\[(?:PT_ID|N_[RL]|POWER_[RL]|INF_[RL]|K1_[RL])\]," + _REST
)
EXPECTED = "lines of bracketed tags such as [FM_IF],REF or [POWER_R],…"
_ROW = re.compile(r"\[([A-Z][A-Z0-9_]{0,15})\](?:,([^\u240d\u240a\[]*))?([\u240d\u240a]?)")


class Row(NamedTuple):
    """A line: its tag without the brackets, the fields behind it, and whether its line end came."""

    tag: str
    fields: tuple[str, ...]
    ended: bool

    @property
    def side(self) -> str:
        """R, L, or nothing for a line about both."""
        return self.tag[-1] if self.tag[-2:] in ("_R", "_L") else ""

    @property
    def name(self) -> str:
        """The tag without its side."""
        return self.tag[:-2] if self.side else self.tag

    def field(self, number: int) -> str:
        """A field, counted from 0; blank when it was not sent."""
        return self.fields[number] if number < len(self.fields) else ""


def rows(text: str) -> list[Row]:
    """The lines of a text whose control bytes are pictures; a line that was cut off runs into the next bracket."""
    return [
        Row(found[1], tuple((found[2] or "").split(",")) if found[2] is not None else (), bool(found[3]))
        for found in _ROW.finditer(text)
    ]


def sections(lines: Iterable[Row]) -> Iterator[list[Row]]:
    """``[FM_IF]`` heads a section; without it a right side after a left one begins anew."""
    section: list[Row] = []
    for row in lines:
        if section and (row.tag == "FM_IF" or _begins_anew(section, row)):
            yield section
            section = []
        section.append(row)
    if section:
        yield section


def headed(section: list[Row]) -> str:
    """REF or KERATO; nothing for a section without a head."""
    return section[0].field(0).strip() if section[0].tag == "FM_IF" else ""


def _begins_anew(section: list[Row], row: Row) -> bool:
    if headed(section):
        return False
    sides = [one.side for one in section if one.side]
    repeated_id = row.tag == "PT_ID" and bool(sides)
    return repeated_id or (row.side == "R" and sides[-1:] == ["L"]) or _again(section, row)


def _again(section: list[Row], row: Row) -> bool:
    """The power of a lens comes first: behind anything of the same side it is another lens."""
    lens = row.name == "POWER" and "." in row.field(0)
    return lens and any(one.side == row.side for one in section)
