"""Takes the patient out: ``patient`` of the XML; of the INI every text outside the sections that are measured.

Which keys of an INI file name a patient is not told, so in other sections only the distance of the pupils stays.
"""

import re
from collections.abc import Iterator

from protocols.framing.masking import each
from protocols.visionix.dialect import decode
from protocols.xml.blanking import blank_documents, masked_text, unit_by_unit

_BLANK = b"\xff\xfe\xef\xbb\xbf\x00 \t\r\n"
_MEASURED = frozenset({"SPHERE", "CYLINDER", "AXIS", "AR", "KR", "SIM_K", "KERATOCONUS"})
_SIGNS = b"[;#-./"
_LINE = re.compile(r"([^\r\n]*)([\r\n]*)")
_SECTION = re.compile(r"\s*\[([^\]\r\n]{1,40})\]\s*")
_PAIR = re.compile(r"([^=:;#]{1,60}?[ \t]*[=:])(.*)", re.DOTALL)
_PERSON = re.compile(r"patient|name|birth|dob|comment|remark|memo", re.IGNORECASE)


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    if data.lstrip(_BLANK).startswith(b"<"):
        return blank_documents(data, decode)
    return each(data, decode(data), _file)


def _file(raw: bytes) -> bytes:
    return unit_by_unit(raw, *_width(raw), lambda text: "".join(_lines(text)))


def _width(raw: bytes) -> tuple[int, bool | None]:
    """As the file is read: UTF-16 by its mark, or by the zero behind its first sign."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 2, raw.startswith(b"\xff")
    return 0, True if raw[1:2] == b"\x00" else None


def _lines(text: str) -> Iterator[str]:
    section = ""
    for line, end in _LINE.findall(text):
        named, pair = _SECTION.fullmatch(line), _PAIR.fullmatch(line)
        if named:
            section = named[1].strip().upper()
            yield line + end
        elif pair:
            yield pair[1] + (pair[2] if _stays(section, pair[1]) else masked_text(pair[2])) + end
        else:
            yield masked_text(line, _SIGNS) + end  # a file is known by its first sign


def _stays(section: str, key: str) -> bool:
    return (section in _MEASURED and not _PERSON.search(key)) or key.strip(" \t=:").lower() == "pd"
