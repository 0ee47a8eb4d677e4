"""Boxes with push buttons: a press is told, never counted. They measure nothing, so they have no manifest."""

from typing import Any

from edge.drivers.buttons.inputs import Inputs
from edge.drivers.buttons.pad import Pad
from edge.drivers.buttons.presses import Pressed

__all__ = ["FAMILY", "MODELS", "Inputs", "Pad", "Pressed"]

FAMILY = "buttons"
MODELS: dict[str, Any] = {"pad": Pad, "inputs": Inputs}
