"""Instruments that somebody before the gateway put on another port, remembered beside the configuration.

A pairing says: the instrument that is configured at this address is at that one now. It holds only while the
configuration still names the address it was made for; whoever writes another one, here or from afar, overrules it.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge import disk
from edge.adding import Added
from edge.supervisor.fitting import InstrumentSettings

FILE = "pairings.json"
WHOLE: dict[str, type] = {"configured": str, "url": str, "line": dict}


class Pairings:
    """The pairings of one gateway, in its data folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._known: dict[str, dict[str, Any]] = _read(self._path)
        self.added = Added(data)

    def placed(self, instruments: Iterable[InstrumentSettings]) -> list[InstrumentSettings]:
        """The instruments where they are now, and behind them those that were added here."""
        return self.added.beside([self._placed(one) for one in instruments])

    def _placed(self, one: InstrumentSettings) -> InstrumentSettings:
        kept = self._known.get(one.name)
        if kept is None or kept["configured"] != one.url:
            return one
        return replace(one, url=kept["url"], line=one.line | kept["line"])

    def pair(self, name: str, configured: str, url: str, line: dict[str, Any]) -> None:
        """Remember; on the disk when this returns. Raises OSError."""
        self._known[name] = {"configured": configured, "url": url, "line": line}
        disk.write(self._path, json.dumps(self._known))


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text())
        return {
            name: one for name, one in found.items() if all(isinstance(one[key], kind) for key, kind in WHOLE.items())
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
