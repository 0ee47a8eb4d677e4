"""Which decoder reads which file: by dialect first, by media type else. A line each, imported only where it is run.

A decoder is a function ``(path, about) -> readings`` without ids. ``about`` holds what is known besides the bytes, and
always ``dev``, ``dialect``, ``media_type``, ``sha256`` and ``bytes``. What it leaves out is filled in behind it: the
blob of an Image or Document, the digest of the bytes, the thumbnail; and where it gives neither Image nor Document,
one is added, as the file itself always belongs to the record.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from protocols.readings import Reading

Decoder = Callable[[Path, Mapping[str, str]], Sequence[Reading]]

BY_DIALECT: dict[str, str] = {
    "heyex_vol": "protocols.heyex_vol.reading:of_file",
    "hfa_fmes": "protocols.hfa_fmes.reading:of_file",
    "slit_lamp_camera": "edge.imaging.slit_lamp:read",
}
BY_MEDIA_TYPE: dict[str, str] = {
    "application/dicom": "edge.imaging.dicom:read",
}


def decoder(dialect: str, media_type: str) -> Decoder | None:
    """The decoder for a file, or None where nobody reads it. Raises what importing it raises."""
    place = BY_DIALECT.get(dialect) or BY_MEDIA_TYPE.get(media_type)
    if place is None:
        return None
    module, _, name = place.partition(":")
    found: Decoder = getattr(import_module(module), name)
    return found
