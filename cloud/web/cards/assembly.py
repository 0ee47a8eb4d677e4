"""From a reading of any kind to its card."""

import dataclasses
from collections.abc import Callable
from typing import Any

from cloud.web.cards.also import also
from cloud.web.cards.binocular import binocular_vision
from cloud.web.cards.biomechanics import biomechanics
from cloud.web.cards.biometry import biometry
from cloud.web.cards.cornea import keratometry, pachymetry
from cloud.web.cards.field import visual_field
from cloud.web.cards.phoropter import subjective_refraction, visual_acuity
from cloud.web.cards.picture import document, image
from cloud.web.cards.pressure import tonometry
from cloud.web.cards.refraction import autorefraction, lensmetry
from cloud.web.cards.shape import Card
from cloud.web.cards.thickness import thickness
from cloud.web.cards.topography import topography
from cloud.web.cards.vitals import vital_signs
from protocols.readings import (
    Autorefraction,
    BinocularVision,
    Biomechanics,
    Biometry,
    Document,
    Image,
    Keratometry,
    Lensmetry,
    Oct,
    Pachymetry,
    Reading,
    SubjectiveRefraction,
    Tonometry,
    Topography,
    VisualAcuity,
    VisualField,
    VitalSigns,
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
    Biometry: biometry,
    Topography: topography,
    VisualField: visual_field,
    Oct: thickness,
    Image: image,
    Document: document,
    VitalSigns: vital_signs,
}


def card_of(reading: Reading) -> Card:
    """The card of a reading."""
    return dataclasses.replace(KINDS[type(reading)](reading), also=also(reading.extra))
