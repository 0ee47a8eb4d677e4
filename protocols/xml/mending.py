r"""Three ways in which instruments, or those who copied their files, break XML without touching a value.

    <\patient>                                  an end tag with the wrong slash (Huvitz HTR-1A export)
    </GreenTransmittance unit="%">             an end tag that repeats its attribute (NIDEK LM-1800PD example)
    <?xml-stylesheet … ?                       the instruction lacks its last character (the same)

Each mend is as long as what it replaces, so offsets stay true, and none reaches between two tags, where the values
are. Names must still match and everything else must still be well-formed, or the document is refused. Nothing is
mended where a comment or a CDATA section could make a tag mean something else.
"""

import re

_SLASH = re.compile(rb"<\\(?=[A-Za-z_][^<>]*>)")
_ATTRIBUTE = re.compile(rb"(?<=</)([A-Za-z_][^\s<>]*)(\s[^<>]*)>")
_INSTRUCTION = re.compile(rb"(<\?xml-stylesheet [^<>]*\?)\s(?=\s*<)")
_RISKY = re.compile(rb"<!")


def mended(text: bytes) -> bytes | None:
    """The same document with its tags completed, or nothing when there is nothing we dare to mend."""
    if _RISKY.search(text):
        return None
    whole = _SLASH.sub(b"</", text)
    whole = _ATTRIBUTE.sub(lambda tag: tag[1] + b" " * len(tag[2]) + b">", whole)
    whole = _INSTRUCTION.sub(rb"\1>", whole)
    return whole if whole != text else None
