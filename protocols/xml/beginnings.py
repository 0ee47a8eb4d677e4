"""Where a document begins and ends among other bytes, in each width of its characters."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

LONGEST_PROLOG = 4096  # bytes
LONGEST_END = 256
_BLANK = "[ \\t\\r\\n]"
# Between the declaration and the root stand instructions, comments and blanks; one that lost its last character too.
_PROLOG = re.compile(rb"<\?xml[^<>]*+>?+(?:\s|<[?!][^<>]*+>?+)*+")


class _Width(NamedTuple):
    """How a character of ASCII is written: alone, or with a zero byte behind or before it."""

    mark: bytes
    before: bytes
    behind: bytes

    def spelt(self, text: str) -> bytes:
        """A text as it is written."""
        return b"".join(self.before + sign.encode("ascii") + self.behind for sign in text)

    def pattern(self, *signs: str) -> bytes:
        """A pattern of one pattern a character."""
        return b"".join(re.escape(self.before) + sign.encode("ascii") + re.escape(self.behind) for sign in signs)


_SINGLE = _Width(b"\xef\xbb\xbf", b"", b"")
_LITTLE = _Width(b"\xff\xfe", b"", b"\x00")
_BIG = _Width(b"\xfe\xff", b"\x00", b"")


class Begun(NamedTuple):
    """A beginning: from its mark or declaration to behind the name of its root."""

    start: int
    end: int
    form: "Form"


class Form:
    """Documents of one root in one width."""

    def __init__(self, width: _Width, root: str) -> None:
        self._width, self._opening = width, width.spelt(f"<{root}")
        self._declaring, self._blank = width.spelt("<?xml"), re.compile(width.pattern(_BLANK))
        self._behind = re.compile(width.pattern("[ \\t\\r\\n>/]"))
        blanks = b"(?:%s)*" % width.pattern(_BLANK)
        self._ending = re.compile(width.pattern("<", "[/\\\\]", *root) + blanks + width.pattern(">"))

    def begun(self, raw: bytearray | bytes, start: int, until: int) -> Begun | None:
        """The first beginning between two places."""
        if self._width is _BIG and not self._possible(raw, start, until):
            return None
        at = raw.find(self._opening, start, until)
        while at >= 0:
            end = at + len(self._opening)
            first = self._start(raw, start, at)
            if first is not None and self._behind.match(raw, end):
                return Begun(first, end, self)
            at = raw.find(self._opening, end, until)
        return None

    def ended(self, raw: bytearray | bytes, start: int, until: int) -> int | None:
        """Where the first end tag of the root ends."""
        found = self._ending.search(raw, start, until)
        return found.end() if found else None

    def _possible(self, raw: bytearray | bytes, start: int, until: int) -> bool:
        """Little-endian text looks big-endian from its second byte: a mark tells, or that it stands first."""
        return raw.find(self._width.mark, start, until) >= 0 or (start == 0 and raw.startswith(b"\x00"))

    def _start(self, raw: bytearray | bytes, start: int, root: int) -> int | None:
        """Where the prolog of the root begins, with its mark; nothing where the width is not this one."""
        begin, mark = self._prolog(raw, max(root - LONGEST_PROLOG, start), root), self._width.mark
        marked = raw[max(begin - len(mark), start) : begin] == mark
        if self._width is _BIG and not marked and begin:
            return None
        return begin - len(mark) if marked else begin

    def _prolog(self, raw: bytearray | bytes, start: int, root: int) -> int:
        """The last declaration before the root, when nothing but a prolog stands between them; else the root."""
        at = raw.rfind(self._declaring, start, root)
        while at >= 0 and not self._blank.match(raw, at + len(self._declaring)):
            at = raw.rfind(self._declaring, start, at)
        return at if at >= 0 and _PROLOG.fullmatch(bytes(raw[at:root]).replace(b"\x00", b"")) else root


@cache
def forms(roots: tuple[str, ...]) -> tuple[Form, ...]:
    """Every root in every width."""
    return tuple(Form(width, root) for root in roots for width in (_SINGLE, _LITTLE, _BIG))


def first(known: Iterable[Form], raw: bytearray | bytes, start: int = 0) -> Begun | None:
    """The first beginning of any form. Looks ever farther: a form that is not there must not cost a look at all."""
    reach = LONGEST_PROLOG
    while True:
        until = min(start + reach, len(raw))
        each = [one for form in known if (one := form.begun(raw, start, until)) is not None]
        if each or until == len(raw):
            return min(each, default=None, key=lambda one: one.start)
        reach *= 4
