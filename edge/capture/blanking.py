"""Takes the patient out of a capture, by the dialect that knows where it stands."""

import importlib

from edge.discovery import candidates

SURE = 50


class Unblanked(Exception):
    """Nobody knows where a patient may stand in these bytes: a sentence."""


def blanked(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before. Raises Unblanked.

    A dialect that can do this has ``blank(data) -> bytes``; checksums that were right are right afterwards.
    """
    best = candidates(data)[0]
    if best.recognition.score < SURE:
        raise Unblanked("No dialect is sure of these bytes, so nobody knows where a patient stands in them.")
    blank = getattr(importlib.import_module(best.manifest.dialect), "blank", None)
    if blank is None:
        raise Unblanked(f"The dialect {best.dialect.DIALECT} does not know yet where a patient stands in its bytes.")
    without: bytes = blank(data)
    return without
