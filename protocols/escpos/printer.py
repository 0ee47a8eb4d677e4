"""What differs between printers that all say they speak ESC/POS."""

from dataclasses import dataclass
from enum import StrEnum
from unicodedata import east_asian_width


class Coding(StrEnum):
    """How letters beyond ASCII reach the paper."""

    GB18030 = "gb18030"
    GBK = "gbk"
    CP437 = "cp437"
    WPC1252 = "cp1252"
    UTF8 = "utf-8"


PAGES = {Coding.CP437: 0, Coding.WPC1252: 16}  # ESC t n; other makers number other pages differently
CHINESE = (Coding.GB18030, Coding.GBK)


@dataclass(frozen=True)
class Printer:
    """``columns`` are 32 on paper of 58 mm, 48 on 80 mm. ``fs_amp``: Chinese must be switched on before it is sent."""

    coding: Coding = Coding.GB18030
    columns: int = 48
    fs_amp: bool = False
    cutter: bool = True

    def has(self, text: str) -> bool:
        """Whether all of it can be printed as letters.

        A character that takes four bytes of GB18030 is in no printer's font that was seen: it has to be drawn.
        """
        try:
            return all(len(one.encode(self.coding)) <= 2 or self.coding is Coding.UTF8 for one in text)
        except UnicodeEncodeError:
            return False

    def bytes_of(self, text: str) -> bytes:
        """The text as the printer wants it. Raises UnicodeEncodeError."""
        return text.encode(self.coding)


def width(text: str) -> int:
    """Columns it takes: a Chinese character two, everything else one."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def cut(text: str, columns: int) -> str:
    """As much of it as fits; what does not fit ends in an ellipsis of one column."""
    if width(text) <= columns:
        return text
    kept = ""
    for one in text:
        if width(kept + one) > columns - 1:
            break
        kept += one
    return kept + "."
