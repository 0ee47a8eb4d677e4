"""Finds driver families by walking their manifests."""

from edge.discovery.families import BadManifest, Dialect, dialect, driver, families, family, load
from edge.discovery.judging import Candidate, candidates, known
from edge.discovery.manifest import STEPS, Line, Manifest, Model, Quality

__all__ = [
    "STEPS",
    "BadManifest",
    "Candidate",
    "Dialect",
    "Line",
    "Manifest",
    "Model",
    "Quality",
    "candidates",
    "dialect",
    "driver",
    "families",
    "family",
    "known",
    "load",
]
