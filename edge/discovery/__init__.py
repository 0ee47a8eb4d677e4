"""Finds driver families by walking their manifests."""

from edge.discovery.families import BadManifest, Dialect, dialect, driver, families, family, load
from edge.discovery.manifest import STEPS, Line, Manifest, Model, Quality

__all__ = [
    "STEPS",
    "BadManifest",
    "Dialect",
    "Line",
    "Manifest",
    "Model",
    "Quality",
    "dialect",
    "driver",
    "families",
    "family",
    "load",
]
