"""The one text of a signed prescription, and its fingerprint.

Keys sorted, no spaces, UTF-8, decimals as shortest text: the same prescription gives the same bytes wherever and
whenever it is built, so that a hash over them proves what was signed.
"""

import hashlib
from typing import Any

import msgspec

from cloud.prescriptions.values import Written, plain

VERSION = 1


def text(written: Written, signed: dict[str, Any]) -> str:
    """The canonical JSON of what was written and who signed it when."""
    whole = {"version": VERSION, "written": plain(written), "signed": plain(signed)}
    return msgspec.json.encode(whole, order="sorted").decode()


def fingerprint(canonical: str) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def short(digest: str) -> str:
    """The beginning of a fingerprint in groups of four, as people compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))
