"""What a screen shows must stand in the record."""

import json

from protocols.readings import to_json


def holds(said, shown):
    """Whether everything shown is in what was said."""
    if isinstance(shown, dict):
        return isinstance(said, dict) and all(key in said and holds(said[key], value) for key, value in shown.items())
    if isinstance(shown, list | tuple):
        return len(said) == len(shown) and all(map(holds, said, shown))
    return said == shown


def agree(out, readings):
    """One reading for each part of the screen, and all of it there."""
    records = [json.loads(to_json(reading)) for reading in readings]
    assert len(records) == len(out.shown)
    for record, shown in zip(records, out.shown, strict=True):
        assert holds(record, shown), (record, shown)
