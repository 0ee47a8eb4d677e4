"""Instruments that somebody before the gateway added, remembered beside the configuration.

They stand behind those of the configuration. One that is written there too, by name or by address, counts as it is
written there: whoever manages the fleet has the last word.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from edge import disk
from edge.supervisor.fitting import InstrumentSettings

FILE = "added.json"
KEYS = ("name", "family", "url", "model", "lane")


class Added:
    """Those of one gateway, in its data folder; ``passkeys`` are printed on devices, by their address."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._instruments, self.passkeys = _read(self._path)

    def __contains__(self, name: str) -> bool:
        return any(one.name == name for one in self._instruments)

    def beside(self, instruments: Iterable[InstrumentSettings]) -> list[InstrumentSettings]:
        """The instruments, and behind them the added ones."""
        known = list(instruments)
        names, places = {one.name for one in known}, {_place(one.url) for one in known}
        return known + [one for one in self._instruments if one.name not in names and _place(one.url) not in places]

    def add(self, one: InstrumentSettings, device: str = "", passkey: int | None = None) -> None:
        """Remember; on the disk when this returns. Raises OSError."""
        keys = self.passkeys if passkey is None else {**self.passkeys, device: passkey}
        self._become([*(other for other in self._instruments if other.name != one.name), one], keys)

    def remove(self, name: str) -> None:
        """Forget; on the disk when this returns. Raises OSError."""
        gone = [one.url for one in self._instruments if one.name == name]
        keys = {device: key for device, key in self.passkeys.items() if not any(device in url for url in gone)}
        self._become([one for one in self._instruments if one.name != name], keys)

    def _become(self, instruments: list[InstrumentSettings], passkeys: dict[str, int]) -> None:
        told = [{key: getattr(one, key) for key in KEYS} for one in instruments]
        disk.write(self._path, json.dumps({"instruments": told, "passkeys": passkeys}), 0o600)
        self._instruments, self.passkeys = instruments, passkeys


def _place(url: str) -> str:
    """Where an instrument is, whatever is wanted of it there."""
    return url.partition("?")[0].upper()


def _read(path: Path) -> tuple[list[InstrumentSettings], dict[str, int]]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        instruments = [InstrumentSettings(**{key: one[key] for key in KEYS}) for one in found["instruments"]]
        return instruments, {str(device): int(key) for device, key in found["passkeys"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [], {}
