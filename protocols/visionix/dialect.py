"""The stream: a file is a transmission, INI of one eye or XML of both.

An INI file does not say which eye it holds; its name does, and whoever watches the folder knows that.
"""

import re
from typing import Literal

from protocols import framing
from protocols.framing import Event, Gatherer, Grammar, Recognition, Unread
from protocols.labelled import judged
from protocols.readings import Reading
from protocols.visionix import document, sections
from protocols.visionix.encodings import text

DIALECT = "visionix"
Eye = Literal["right", "left"]
WHOLE = Recognition(85, "sections of an L80 or VX100 with their keys, or optic/optometry as XML")


def _grammar(eye: Eye | None) -> Grammar:
    def read(raw: bytes) -> tuple[Reading, ...]:
        said = text(raw)
        if said.text.lstrip().startswith("<"):
            return document.read(raw, DIALECT)
        if not said.text.lstrip().startswith(("[", ";", "#")):
            raise Unread("The file is neither XML nor made of sections.")
        return sections.read(raw, said, eye, DIALECT)

    expected = "an INI file of an L80 or VX100, or optic/optometry as XML"
    return Grammar(re.compile(rb"\A(?=[\x00-\xff])"), None, read, expected, limit=4 * 1024 * 1024)


class Decoder(Gatherer):
    """Decodes files; ``eye`` is the one whose INI files come by, where the folder's owner told."""

    def __init__(self, eye: Eye | None = None) -> None:
        super().__init__(_grammar(eye))


def decode(data: bytes, eye: Eye | None = None) -> list[Event]:
    """Everything in a whole file."""
    return framing.decode(_grammar(eye), data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    return judged(decode(data), WHOLE, "")
