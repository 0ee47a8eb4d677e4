"""Whether a reading holds all of what a screen shows."""

import json


def held(reading, screen):
    return _holds(json.loads(reading), screen)


def _holds(known, wanted):
    if isinstance(wanted, dict):
        return isinstance(known, dict) and all(key in known and _holds(known[key], wanted[key]) for key in wanted)
    return known == wanted
