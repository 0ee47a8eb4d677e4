"""What a store's queue goes by, as shipped: the rule of turns, what waiting is told from, stations to begin with."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from protocols.queue.turns import Turn

FOLDER = Path(__file__).parent


@cache
def turn() -> Turn:
    """The rule as shipped."""
    return Turn(**_file("rules.toml")["turn"])


@cache
def waiting() -> tuple[timedelta, int]:
    """How far back stamps count for how long one waits, and how many there must be."""
    said = _file("rules.toml")["waiting"]
    return timedelta(minutes=said["window_minutes"]), said["least"]


@cache
def template() -> dict[str, Any]:
    """The stations and kinds of registration a store begins with."""
    return _file("stations.toml")


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text())
