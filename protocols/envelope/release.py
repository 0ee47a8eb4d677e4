"""A release of the gateway's software: a manifest, its signature, and one archive a platform."""

import re
from typing import Annotated, Literal

import msgspec

from protocols.envelope.desired import Name, Sha256
from protocols.envelope.messages import Message

Version = Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}(\.\d{1,9}){0,3}([a-z.+-][a-z0-9.+-]{0,20})?$")]
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"


class Archive(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The files of one platform (``linux-aarch64``), packed; ``sha256`` is of the packed bytes.

    ``python`` is the version it was made for (``3.11``): compiled libraries fit no other. ``files_sha256`` is of the
    list inside it (``FILES``), which names every file with its digest, so that a slot can be proved after unpacking.
    """

    platform: Name
    python: Annotated[str, msgspec.Meta(pattern=r"^3\.\d{1,2}$")]
    name: Annotated[str, msgspec.Meta(pattern=r"^[\w.+-]{1,120}$")]
    size: Annotated[int, msgspec.Meta(ge=1)]
    sha256: Sha256
    files_sha256: Sha256


class Manifest(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What is signed: Ed25519 over these very bytes, the signature in a file beside them (``.sig``, 64 bytes).

    ``after`` is the oldest version this release may follow.
    """

    v: Literal[1]
    version: Version
    made_at: str
    archives: list[Archive]
    after: Version | None = None


def order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """What versions are compared by: 0.9 < 0.10, and 1.0rc1 < 1.0 < 1.0+b. Text that is no version is the oldest."""
    found = re.match(r"(\d+(?:\.\d+)*)(.*)", version)
    if found is None:
        return ((), False, version)
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return (tuple(numbers), not found[2] or found[2][0] == "+", found[2])
