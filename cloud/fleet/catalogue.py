"""What is known of each model that a gateway can listen to: how sure, and which kinds of reading it gives.

The file beside this one is written by ``python -m deploy.catalogue`` from the drivers' manifests, which the cloud
does not see. A grade belongs to a release of the drivers and not to an instrument in a store, so it is data of the
build and no part of a birth message: no gateway has to be updated before the cloud can show it.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).with_name("catalogue.json")
PHOROPTER, OBJECTIVE = "subjective_refraction", "autorefraction"  # a refractor with both takes nothing in


class Listed(msgspec.Struct, frozen=True):
    """One model: ``verified`` by a real capture, ``documented`` by its maker, or ``reported`` second-hand.

    ``mapped`` is no model: tables whose columns whoever sets a gateway up has named.
    """

    family: str
    maker: str
    model: str
    grade: Literal["verified", "documented", "reported", "mapped"]
    kinds: tuple[str, ...]


@cache
def models() -> tuple[Listed, ...]:
    """Every model of every driver family."""
    return msgspec.json.decode(FILE.read_bytes(), type=tuple[Listed, ...])


def grade(family: str, model: str | None) -> str | None:
    """How well a model is known, or None where it is not listed."""
    return next((one.grade for one in _named(family, model)), None)


def is_phoropter(family: str, model: str | None) -> bool:
    """Whether the model refracts subjectively; an unlisted one does where its whole family does."""
    candidates = _named(family, model) or [one for one in models() if one.family == family]
    return all(PHOROPTER in one.kinds and OBJECTIVE not in one.kinds for one in candidates)


def _named(family: str, model: str | None) -> list[Listed]:
    told = (model or "").casefold()
    return [one for one in models() if one.family == family and one.model.casefold() == told]
