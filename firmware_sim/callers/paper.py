"""What lies on a ticket printer's paper: a decoder that shares nothing with the encoder.

It walks the bytes as a printer does. It knows what the manuals say, not what we send.
"""

from dataclasses import dataclass, field

ESC, FS, GS, DLE, LF = 0x1B, 0x1C, 0x1D, 0x10, 0x0A
OF_FS = {0x26: 2, 0x2E: 2, 0x21: 3, 0x57: 3, 0x43: 3}
PAGES = {0: "cp437", 16: "cp1252"}


class Unreadable(ValueError):
    """Bytes no manual has a meaning for, where a printer would print rubbish."""


@dataclass
class Paper:
    """Printed lines as (text, width, height, bold, align), codes as they were stored, and whether it was cut."""

    lines: list[tuple[str, int, int, bool, int]] = field(default_factory=list)
    codes: list[tuple[str, int, str]] = field(default_factory=list)
    pictures: list[tuple[int, int, bytes]] = field(default_factory=list)  # bytes across, rows, dots
    cuts: int = 0
    unknown: list[bytes] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    @property
    def largest(self) -> str:
        """The text in the largest letters, which is what somebody looks for."""
        return max(self.lines, key=lambda line: line[1] * line[2])[0] if self.lines else ""

    @property
    def texts(self) -> list[str]:
        """Every line, as it reads."""
        return [text for text, *_ in self.lines]


class Decoder:
    """One printer with a Chinese font."""

    def __init__(self, chinese: str = "gb18030") -> None:
        self.chinese, self.paper = chinese, Paper()
        self._reset()

    def feed(self, said: bytes) -> Paper:
        """Print all of it. Raises Unreadable."""
        at = 0
        while at < len(said):
            at += self._one(said, at)
        self._print()
        return self.paper

    def _reset(self) -> None:
        self.page, self.wide, self.high, self.bold, self.align = "cp437", 1, 1, False, 0
        self.text = bytearray()
        self.module, self.level, self.stored = 3, "L", b""

    def _one(self, said: bytes, at: int) -> int:
        first = said[at]
        if first == ESC:
            return self._esc(said, at)
        if first == GS:
            return self._gs(said, at)
        if first == FS:
            return OF_FS[said[at + 1]]
        if first == DLE and said[at + 1] == 0x04:
            self.paper.asked.append(said[at + 2])
            return 3
        if first == LF:
            self._print(always=True)
        else:
            self.text.append(first)
        return 1

    def _esc(self, said: bytes, at: int) -> int:
        what = said[at + 1]
        if what == 0x40:
            self._reset()
            return 2
        value = said[at + 2]
        if what == 0x61:
            self.align = value
        elif what == 0x74:
            self.page = PAGES[value]
        elif what == 0x45:
            self.bold = bool(value & 1)
        elif what == 0x21:
            self.high, self.wide, self.bold = 1 + (value >> 4 & 1), 1 + (value >> 5 & 1), bool(value & 8)
        elif what == 0x64:
            self._print()
        elif what != 0x2D:
            self.paper.unknown.append(said[at : at + 3])
        return 3

    def _gs(self, said: bytes, at: int) -> int:
        what = said[at + 1]
        if what == 0x21:
            self.wide, self.high = 1 + (said[at + 2] >> 4), 1 + (said[at + 2] & 15)
            return 3
        if what == 0x56:
            self.paper.cuts += 1
            return 4 if said[at + 2] in (65, 66) else 3
        if what == 0x76 and said[at + 2 : at + 4] == b"0\x00":
            return self._picture(said, at)
        if what == 0x28 and said[at + 2] == 0x6B:
            size = said[at + 3] + 256 * said[at + 4]
            self._code(said[at + 5 : at + 5 + size])
            return 5 + size
        self.paper.unknown.append(said[at : at + 3])
        return 3

    def _picture(self, said: bytes, at: int) -> int:
        across, rows = said[at + 4] + 256 * said[at + 5], said[at + 6] + 256 * said[at + 7]
        self.paper.pictures.append((across, rows, said[at + 8 : at + 8 + across * rows]))
        return 8 + across * rows

    def _code(self, said: bytes) -> None:
        if said[0] != 0x31:
            raise Unreadable(said.hex())
        match said[1]:
            case 0x43:
                self.module = said[2]
            case 0x45:
                self.level = "LMQH"[said[2] - 0x30]
            case 0x50:
                self.stored = said[3:]
            case 0x51:
                self.paper.codes.append((self.stored.decode(), self.module, self.level))

    def _print(self, *, always: bool = False) -> None:
        if self.text or always:
            raw = bytes(self.text)
            coding = self.page if self.page == "cp1252" else self.chinese
            self.paper.lines.append((raw.decode(coding), self.wide, self.high, self.bold, self.align))
            self.text.clear()
