"""What a Xiongbo RMK-800 of newer firmware sends instead: one JSON object with the instrument's averages.

    {"right_s_avg": "-1.25", "right_c_avg": "-0.50", "right_a_avg": "90", "left_s_avg": …}

Source: the keys that stormlei/cdc @8a121c6 looks up; no capture, grade C.
"""

import json
from typing import Any

from protocols.framing import Unread
from protocols.labelled import Heading, power
from protocols.readings import Autorefraction, AutorefractionEye, Reading

BEGINS = rb'\{(?=[^{}]{0,1000}"(?:right|left)_[sca]_avg")'
_SIDES = ("right", "left")


def averages(raw: bytes, dialect: str) -> tuple[Reading, ...]:
    """One reading. Raises Unread."""
    said = _object(raw)
    eyes: dict[str, Any] = {side: _eye(side, said) for side in _SIDES}
    if not any(eyes.values()):
        raise Unread("The object holds no power of an eye.")
    heading = Heading(raw, dialect, maker="Xiongbo", model="RMK-800")
    heading.extra.update({_whole(key): _plain(value) for key, value in said.items()})
    return (Autorefraction(**heading.keys(), **eyes),)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        # figures stay the text they were sent as: a binary fraction would lose the instrument's step
        said = json.loads(raw.strip(b"\x00 \t\r\n"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise Unread("The object broke off, or is no JSON.") from None
    if not isinstance(said, dict):
        raise Unread("The object is no JSON object.")
    return said


def _eye(side: str, said: dict[str, Any]) -> AutorefractionEye | None:
    texts = [said.pop(f"{side}_{letter}_avg", "") for letter in "sca"]
    if not any(texts):
        return None
    if not all(isinstance(text, str) for text in texts):
        raise Unread(f"The {side} eye lacks sphere, cylinder or axis.")
    return AutorefractionEye(**power(*texts))


def _plain(value: Any) -> str:
    return _whole(value) if isinstance(value, str) else json.dumps(value)


def _whole(text: str) -> str:
    """JSON can spell half a character, which nobody can store."""
    return text.encode("utf-8", "replace").decode("utf-8")
