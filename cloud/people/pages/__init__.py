"""The pages of the people room."""

from cloud.people.pages import (
    caution,
    consents,
    details,
    duplicates,
    family,
    finding,
    history,
    papers,
    registering,
)
from cloud.people.pages.blueprint import bp

__all__ = [
    "bp",
    "caution",
    "consents",
    "details",
    "duplicates",
    "family",
    "finding",
    "history",
    "papers",
    "registering",
]
