"""Whether a file in a shared folder is one an instrument has finished writing.

Nobody tells: over SMB and NFS there is neither inotify nor a lock to be seen. A file is finished when its size
and time have stood still for ``STILL_S``; XML must have closed its root as well, because an instrument may pause
between two pieces, unless it has stood still for ``STILL_XML_S``: then nothing more is coming.
"""

import codecs
import re
from dataclasses import dataclass
from fnmatch import fnmatch

STILL_S = 1.0
STILL_XML_S = 10.0
HEAD = 64 * 1024
TAIL = 1024

# What programs call a file while they write it, and what stands beside results without being one.
UNFINISHED = ("*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload", "*.swp", "*.lock", "*.lck", "~*")
BESIDE: tuple[str, ...] = (
    "*.xsl",
    "*.xslt",
    "*.css",
    "*.dtd",
    "*.xsd",
    "*.jpg",
    "*.jpeg",
    "*.png",
    "*.bmp",
    "*.gif",
    "*.tif",
    "*.tiff",
    "thumbs.db",
    "desktop.ini",
)

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_PROLOGUE = re.compile(r"(?:\ufeff|ï»¿)?(?:<\?.*?\?>|<!--.*?-->|<![^>]*>|\s)*", re.DOTALL)
_ROOT = re.compile(r"<([^\s<>/!?]+)([^<>]*)>")


def is_result(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a name can be a finished result at all; capitals do not matter, as on the computers that write it."""
    small = name.lower()
    if name.startswith(".") or any(fnmatch(small, pattern) for pattern in UNFINISHED + BESIDE):
        return False
    return any(fnmatch(small, pattern.lower()) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Stillness:
    """What a file looked like, and since when (monotonic seconds)."""

    size: int
    mtime_ns: int
    since: float

    def seen_again(self, size: int, mtime_ns: int, now: float) -> "Stillness":
        """The same while nothing changed, else from now."""
        return self if (size, mtime_ns) == (self.size, self.mtime_ns) else Stillness(size, mtime_ns, now)

    def rests(self, now: float) -> bool:
        """Whether it may be looked into."""
        return self.size > 0 and now - self.since >= STILL_S

    def given_up(self, now: float) -> bool:
        """Whether it is taken as it is, whole or not."""
        return now - self.since >= STILL_XML_S


def is_closed(data: bytes) -> bool:
    """Whether XML has closed its root; what is no XML has nothing to close."""
    encoding = next((name for mark, name in _UTF16.items() if data.startswith(mark)), "latin-1")
    head = data[:HEAD].decode(encoding, "ignore")
    root = _ROOT.match(head, _PROLOGUE.match(head).end())  # type: ignore[union-attr]
    if root is None:
        return not head.lstrip("\ufeff \t\r\nï»¿").startswith("<")
    if root[2].endswith("/"):
        return True
    tail = data[-TAIL - len(data[:-TAIL]) % 2 :].decode(encoding, "ignore")
    return re.search(rf"</{re.escape(root[1])}\s*>(?:\s|\0|<!--.*?-->)*\Z", tail, re.DOTALL) is not None
