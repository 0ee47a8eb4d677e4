"""Takes people out of documents: every text and attribute about a patient, an operator or a physician is masked.

Tags, names of elements, lengths and measured values stay, in whatever width the characters have. Also masked: comments
of a person, and names of files in texts, which carry the patient (``ARK_4711_20130311160307RC1.jpg``). Kept is the
running number of a print-out (``No.``), as long as it can be one, and an ID that is that number.
"""

import re
from collections.abc import Callable, Sequence

from protocols.framing import Event
from protocols.framing.masking import SHAPE, each, masked, masked_id, settled

_PERSON = r"patient[\w.-]*|operator|examiner|doctor|physician|optometrist|comments?|memos?|remarks?"
_ALONE = r"(?:first|last|middle)_?name|namej[12]|birth_?(?:day|date)|dob"
_NAMES = rf"(?:{_PERSON}|{_ALONE})"
_GIVEN = r"""(?:"[^"<]*"?|'[^'<]*'?|[^<>"'])*+"""
_OPEN = re.compile(rf"<((?:[\w-]+:)?{_NAMES})(?=[\s/>]){_GIVEN}>?", re.IGNORECASE)
_TOKEN = re.compile(
    rf"(?P<mark><!\[CDATA\[|<!--)(?P<inside>.*?)(?P<end>\]\]>|-->|\Z)|<[/\\?]?(?P<tag>[^\s<>/]*){_GIVEN}>?|[^<]+",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(\s(?!xmlns)[\w:.-]+\s*=\s*["'])([^"'<]*)""")
_ATTRIBUTE_OF_ONE = re.compile(rf"""(\s(?:[\w-]+:)?{_NAMES}\s*=\s*["'])([^"'<]*)""", re.IGNORECASE)
_NUMBER = re.compile(r"<((?:[\w-]+:)?No\.?)(?:\s[^<>]*)?>\s*(\d{1,4})\s*<")
_FILE = re.compile(r"(?<=>)[^<>]{0,200}\.(?:jpe?g|png|bmp|gif|tiff?|dcm|pdf|avi|mp4|xml)(?=\s*<)", re.IGNORECASE)
_SHIFTED = re.compile("\u3c00")  # < of two bytes, one of which was lost before it
_COUNTED = re.compile(r"\s*0\d*\s*")


def blank_documents(data: bytes, decode: Callable[[bytes], Sequence[Event]]) -> bytes:
    """What was said, without people; ``decode`` finds the documents in it."""
    return settled(data, lambda said: each(said, decode(said), _blanked))


def unit_by_unit(raw: bytes, start: int, little: bool | None, change: Callable[[str], str]) -> bytes:
    """Change a text of one byte a character, or of two behind ``start``, so that it stays as long as it was."""
    if little is None:
        return change(raw.decode("latin-1")).encode("latin-1")
    even = start + max(0, len(raw) - start) // 2 * 2
    units = zip(raw[start:even:2], raw[start + 1 : even : 2], strict=True)
    text = "".join(chr(first | second << 8 if little else first << 8 | second) for first, second in units)
    wide = b"".join(ord(unit).to_bytes(2, "little" if little else "big") for unit in change(text))
    return raw[:start] + wide + raw[even:]


def _width(raw: bytes) -> tuple[int, bool | None]:
    """Where the characters begin, and whether those of two bytes have their little end first."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 2, raw.startswith(b"\xff")
    at = raw.find(b"<")
    if at >= 0 and raw[at + 1 : at + 2] == b"\x00" and not raw.startswith(b"\x00"):
        return at % 2, True
    if at > 0 and raw[at - 1] == 0:
        return (at - 1) % 2, False
    return 0, None


def masked_text(text: str, keep: bytes = SHAPE) -> str:
    """As ``masked_id``, character by character; one outside of Latin is a letter."""
    return masked_id(text.encode("latin-1", "replace"), keep).decode("latin-1")


def _blanked(raw: bytes) -> bytes:
    """One document; behind a byte that was lost, characters of two bytes begin at the other one."""
    start, little = _width(raw)
    for at in (start,) if little is None else (start, start + 1):
        raw = unit_by_unit(raw, at, little, _without)
    return raw


def _without(text: str) -> str:
    pieces, at = [], 0
    while found := _OPEN.search(text, at):
        end = _end(text, found)
        pieces += [_outside(text[at : found.start()]), _inside(text[found.start() : end])]
        at = end
    return "".join([*pieces, _outside(text[at:])])


def _end(text: str, found: re.Match[str]) -> int:
    """Behind the text of the element; of one that was not closed, where another document or another width begins."""
    if found[0].endswith("/>") or not found[0].endswith(">"):
        return found.end()
    closing = re.compile(rf"<[/\\]{re.escape(found[1])}(?=[\s>])|<\?xml\s", re.IGNORECASE)
    ended = closing.search(text, found.end()) or _SHIFTED.search(text, found.end())
    return ended.start() if ended else len(text)


def _outside(text: str) -> str:
    """Names of files, and attributes that name a person."""
    named = _FILE.sub(lambda found: _unnamed(found[0]), text)
    return _ATTRIBUTE_OF_ONE.sub(lambda found: found[1] + masked_text(found[2]), named)


def _unnamed(file: str) -> str:
    """A file's name with its first word, its time and its extension; of another form, the extension alone."""
    stem, point, extension = file.rpartition(".")
    first, *middle, last = stem.split("_")
    if not middle:
        return _masked(stem) + point + extension
    return "_".join([first, *map(_masked, middle), last]) + point + extension


def _inside(text: str) -> str:
    """The element of a person: all that stands in it but the running number."""
    running = _NUMBER.search(text)
    kept = {running[2].lstrip("0")} if running else set()
    pieces, tag = [], ""
    for token in _TOKEN.finditer(text):
        if token["mark"]:
            pieces.append(token["mark"] + _masked(token["inside"]) + token["end"])
        elif token["tag"] is not None:
            pieces.append(_ATTRIBUTE.sub(lambda found: found[1] + masked_text(found[2]), token[0]))
            tag = token["tag"]
        else:
            pieces.append(_said(tag.rpartition(":")[2].lower(), token[0], kept))
    return "".join(pieces)


def _said(tag: str, text: str, running: set[str]) -> str:
    if tag in ("no", "no.", "id") and text.strip().isdigit() and text.strip().lstrip("0") in running:
        return text
    counted = tag in ("patient", "patientid") and _COUNTED.fullmatch(text)
    return _masked(text) if counted else masked_text(text)


def _masked(text: str) -> str:
    return masked(text.encode("latin-1", "replace")).decode("latin-1")
