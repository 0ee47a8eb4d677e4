"""What somebody means who answers a text. Pure."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from cloud.messages.choices import Meaning

FILE = Path(__file__).with_name("replies.toml")
AROUND = " \t\r\n.,;:!?。，！？；：'\"“”‘’"


def meaning(body: str) -> Meaning:
    """The meaning of the whole of it; whatever says more than one word is for people to read."""
    said = " ".join(unicodedata.normalize("NFKC", body).casefold().split()).strip(AROUND)
    return _words().get(said, Meaning.OTHER)


@cache
def _words() -> dict[str, Meaning]:
    read = tomllib.loads(FILE.read_text())
    return {word: Meaning(name) for name, words in read.items() if name != "version" for word in words}
