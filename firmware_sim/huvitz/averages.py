"""An RMK-800 of newer firmware: one JSON object with the averages of both eyes."""

import json
from datetime import datetime
from typing import Any

from firmware_sim.refractor import EyeSeen, Refractor, Seen


class RMK800(Refractor):
    """It sends no distance of the pupils that anybody has told of."""

    maker = "Xiongbo"
    name = "RMK-800"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        right, left = _averages("right", measured.right), _averages("left", measured.left)
        return json.dumps(right | left | {"time": f"{at:%Y-%m-%d %H:%M:%S}"}).encode("ascii")

    def _distance_shown(self, measured: Seen) -> dict[str, Any]:
        return {}


def _averages(side: str, eye: EyeSeen | None) -> dict[str, str]:
    """An eye that was not measured has empty texts."""
    figures = (eye.power.sphere, eye.power.cylinder, eye.power.axis) if eye else ("", "", "")
    return {f"{side}_{letter}_avg": str(figure) for letter, figure in zip("sca", figures, strict=True)}
