"""What a capture is expected to give: the file beside it that makes it a test."""

import json
from pathlib import Path
from typing import Any

from deploy.instruments.dialects import candidates, events
from protocols.capture import Recording
from protocols.framing import Garbled, Transmission
from protocols.readings import to_json


def expected(recorded: Recording) -> dict[str, Any]:
    """The surest dialect, every reading, and why anything could not be read."""
    best = candidates(recorded.heard)[0]
    said = events(recorded, best.dialect)
    readings = [reading for event in said if isinstance(event, Transmission) for reading in event.readings]
    return {
        "dialect": best.dialect.DIALECT if best.recognition.score else None,
        "readings": [json.loads(to_json(reading)) for reading in readings],
        "garbled": [event.why for event in said if isinstance(event, Garbled)],
    }


def beside(capture: Path) -> Path:
    """Where the expectation of a capture lies."""
    return capture.with_name(f"{capture.name}.expected.json")


def write(name: str, recorded: Recording) -> Path:
    """Write it down, for a person to read and correct. Raises OSError."""
    path = beside(Path(name))
    path.write_text(json.dumps(expected(recorded), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return path
