"""From the bytes of one document to its tree, within limits.

The parser is the standard library's expat: it tells the byte where it stopped, calls us at every start tag, so that
depth and number are counted while reading, and can be told the encoding over the declaration's head. Without its
namespace mode a prefix that nobody declared is no error. A document type declaration is refused at its first byte:
no instrument sends one, and without one there are no entities but the five, nothing to expand and nothing to fetch.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from protocols.framing import Unread
from protocols.readings import Note
from protocols.xml.encodings import Written, written
from protocols.xml.mending import mended
from protocols.xml.tree import Element, declares

LARGEST = 8 * 1024 * 1024  # bytes
DEEPEST = 64
MOST = 65_536  # elements
_LONGEST = re.compile(rb"<[^<]{1048576}")  # one tag with its text
_AROUND = " \t\r\n\x00\x1a\ufeff"

_GUESSED = Note(code="encoding_doubtful", text="The document is not in the encoding it claims; names may be wrong.")
_MENDED = Note(code="document_mended", text="The document was not well-formed: tags were completed, no value touched.")


@dataclass(frozen=True, slots=True)
class Document:
    """A tree, and what a person should know about how it was read."""

    root: Element
    notes: tuple[Note, ...] = ()


def read(raw: bytes) -> Document:
    """The tree of one document. Raises Unread."""
    if len(raw) > LARGEST:
        raise Unread(f"The document is larger than {LARGEST} bytes.", LARGEST)
    found = written(raw)
    kept = found.text.strip(_AROUND)
    before = len(found.text) - len(found.text.lstrip(_AROUND))
    doubts = (_GUESSED,) if found.doubtful else ()
    try:
        return _read(kept.encode("utf-8", "replace"), doubts)
    except _Broken as broken:
        raise Unread(broken.why, _offset(found, before, kept, broken.at)) from None


class _Broken(Exception):
    """Reading stopped at a byte of the UTF-8 that the parser was given."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why, self.at = why, at


def _read(text: bytes, notes: tuple[Note, ...]) -> Document:
    if long := _LONGEST.search(text):
        raise _Broken("A tag or a text in the document is longer than a million bytes.", long.start())
    try:
        return Document(_tree(text), notes)
    except _Broken:
        whole = mended(text)
        if whole is None:
            raise
        return Document(_tree(whole), (*notes, _MENDED))


def _tree(text: bytes) -> Element:
    builder = _Builder()
    try:
        builder.parser.Parse(text, True)
    except expat.ExpatError as refusal:
        raise _Broken(_why(refusal.code), builder.parser.ErrorByteIndex) from None
    if builder.root is None:
        raise _Broken("The document has no element.", 0)
    return builder.root


def _why(code: int) -> str:
    if code in (expat.errors.codes["no element found"], expat.errors.codes["unclosed token"]):
        return "The document broke off before the end of its root."
    return f"The XML is not well-formed: {expat.ErrorString(code)}."


def _offset(found: Written, before: int, kept: str, at: int) -> int:
    """Where in the bytes that came is the byte ``at`` of the text that was parsed."""
    read_so_far = found.text[:before] + kept.encode("utf-8", "replace")[:at].decode("utf-8", "ignore")
    return found.before + len(read_so_far.encode(found.codec, "replace"))


class _Builder:
    """What the parser calls, a thousand times for one file: what can be looked up is looked up once."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._spaces: list[tuple[int, dict[str, str]]] = [(0, {"": ""})]  # with the depth that declared them
        self._names: dict[str, tuple[str, str]] = {}  # as long as no other namespaces hold
        self._plain: set[tuple[str, ...]] = set()  # names of attributes that declare nothing
        self._count = 0
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._text
        parser.EndElementHandler = self._end

    def _doctype(self, *_: object) -> None:
        raise self._broken("The document declares a document type, which no instrument does.")

    def _start(self, tag: str, given: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST:
            raise self._broken(f"The document has more than {MOST} elements.")
        if len(self._open) >= DEEPEST:
            raise self._broken(f"The document is more than {DEEPEST} elements deep.")
        if given and (keys := tuple(given)) not in self._plain:
            self._declare(keys, given)
        name, space = self._names.get(tag) or self._named(tag)
        element = Element(name, space, given)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def _declare(self, keys: tuple[str, ...], given: dict[str, str]) -> None:
        declared = {key[6:]: given[key].rstrip("/").rpartition("/")[2] for key in keys if declares(key)}
        if declared:
            self._spaces.append((len(self._open), self._spaces[-1][1] | declared))
            self._names.clear()
        else:
            self._plain.add(keys)

    def _named(self, tag: str) -> tuple[str, str]:
        prefix, _, name = tag.rpartition(":")
        self._names[tag] = found = name, self._spaces[-1][1].get(prefix, prefix.removeprefix("ns"))
        return found

    def _text(self, text: str) -> None:
        if not text.isspace():
            self._texts[-1].append(text)

    def _end(self, _tag: str) -> None:
        element, texts = self._open.pop(), self._texts.pop()
        if texts:
            element.text = "".join(texts).strip()
        if self._spaces[-1][0] == len(self._open) and len(self._spaces) > 1:
            self._spaces.pop()
            self._names.clear()

    def _broken(self, why: str) -> _Broken:
        return _Broken(why, self.parser.CurrentByteIndex)
