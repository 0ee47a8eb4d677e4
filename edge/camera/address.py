"""``camera:///dev/v4l/by-id/…-video-index0?size=1920x1080&rate=15``; ``pictures:///path`` stands in for a camera.

``/dev/videoN`` is refused like every numbered port. ``pictures`` leads to a folder of JPEG files, one a press, or to
one Motion-JPEG film that runs round and round.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from edge.links.base import LinkRefused

EXAMPLE = "camera:///dev/v4l/by-id/usb-…-video-index0?size=1920x1080"
SIZE, RATE = "1920x1080", "15"
_NUMBERED = re.compile(r"/dev/video\d+\Z")


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where the pictures come from; ``size`` and ``rate`` are what a camera is asked for."""

    kind: Literal["camera", "pictures"]
    path: Path
    size: str = SIZE
    rate: str = RATE

    @classmethod
    def of(cls, url: str) -> "CameraAddress":
        """From its address. Raises LinkRefused."""
        parts = urlsplit(url)
        asked = parse_qs(parts.query, keep_blank_values=True)
        given = {key: values[-1] for key, values in asked.items()}
        path = unquote(parts.path)
        if _NUMBERED.match(path):
            what = f"{path} may be another camera after the next start."
            raise LinkRefused(what, "Write the name that `ls /dev/v4l/by-id` shows.", lasting=True)
        if parts.netloc or len(path) < 2 or not _fits(given):
            raise LinkRefused(f"{url!r} is no address of a camera.", f"Write {EXAMPLE}.", lasting=True)
        kind: Literal["camera", "pictures"] = "camera" if parts.scheme == "camera" else "pictures"
        return cls(kind, Path(path), given.get("size", SIZE), given.get("rate", RATE))


def _fits(given: dict[str, str]) -> bool:
    size, rate = given.get("size", SIZE), given.get("rate", RATE)
    return (
        given.keys() <= {"size", "rate"}
        and re.fullmatch(r"[1-9]\d{1,4}x[1-9]\d{1,4}", size) is not None
        and re.fullmatch(r"[1-9]\d?", rate) is not None
    )
