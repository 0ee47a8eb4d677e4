"""Visionix: takes files; which eye an INI file holds is what the folder's settings say."""

from collections.abc import Mapping
from typing import Literal

from edge.drivers.listener import Listener
from protocols.visionix import Decoder


class Driver(Listener):
    """One folder. ``settings``: ``eye``, right or left, where all its INI files are of one. Raises ValueError."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        eye = _eye(settings.get("eye"))
        super().__init__(lambda: Decoder(eye))


def _eye(told: object) -> Literal["right", "left"] | None:
    if told is None or told == "":
        return None
    if told == "right":
        return "right"
    if told == "left":
        return "left"
    raise ValueError(f"{told!r} is no eye; right and left are")
