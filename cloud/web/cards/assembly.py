"""From a reading of any kind to its card."""

from collections.abc import Callable
from typing import Any

from cloud.web.cards.cornea import keratometry, pachymetry
from cloud.web.cards.pressure import tonometry
from cloud.web.cards.refraction import autorefraction, lensmetry
from cloud.web.cards.shape import Card
from protocols.readings import Autorefraction, Keratometry, Lensmetry, Pachymetry, Reading, Tonometry

KINDS: dict[type, Callable[[Any], Card]] = {
    Autorefraction: autorefraction,
    Keratometry: keratometry,
    Lensmetry: lensmetry,
    Tonometry: tonometry,
    Pachymetry: pachymetry,
}


def card_of(reading: Reading) -> Card:
    """The card of a reading."""
    return KINDS[type(reading)](reading)
