"""From a reading of any kind to its card."""

import dataclasses
from collections.abc import Callable
from typing import Any

from cloud.web.cards.also import also
from cloud.web.cards.binocular import binocular_vision
from cloud.web.cards.cornea import keratometry, pachymetry
from cloud.web.cards.phoropter import subjective_refraction, visual_acuity
from cloud.web.cards.pressure import biomechanics, tonometry
from cloud.web.cards.refraction import autorefraction, lensmetry
from cloud.web.cards.shape import Card
from protocols.readings import (
    Autorefraction,
    BinocularVision,
    Biomechanics,
    Keratometry,
    Lensmetry,
    Pachymetry,
    Reading,
    SubjectiveRefraction,
    Tonometry,
    VisualAcuity,
)

KINDS: dict[type, Callable[[Any], Card]] = {
    Autorefraction: autorefraction,
    Keratometry: keratometry,
    Lensmetry: lensmetry,
    Tonometry: tonometry,
    Pachymetry: pachymetry,
    SubjectiveRefraction: subjective_refraction,
    VisualAcuity: visual_acuity,
    BinocularVision: binocular_vision,
    Biomechanics: biomechanics,
}


def card_of(reading: Reading) -> Card:
    """The card of a reading."""
    return dataclasses.replace(KINDS[type(reading)](reading), also=also(reading.extra))
