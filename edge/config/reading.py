"""One file becomes a configuration, or a list of everything that is wrong with it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.blobs.settings import BlobSettings
from edge.config import broker as brokers
from edge.config import callers, devices, instruments
from edge.config.complaints import Complaints
from edge.config.settings import ConfigRefused, GatewayConfig
from edge.config.tables import KEYS
from edge.identity.papers import Identity, Papers
from edge.listening import ConsoleSettings
from edge.queue.settings import QueueSettings
from edge.updates.hours import Quiet
from edge.updates.upkeep import Settings as UpdateSettings
from protocols.envelope import Address

SECTIONS = {"gateway", "broker", "instrument", "updates", "console", "dicom", "blobs", "callers", "queue"}


def load(path: Path) -> GatewayConfig:
    """Read the file. Raises ConfigRefused."""
    try:
        source = path.read_text("utf-8")
        table = tomllib.loads(source)
    except FileNotFoundError:
        raise ConfigRefused(f"There is no file {path}. Write one with: emmetra gateway init --config {path}") from None
    except OSError as refusal:
        raise ConfigRefused(f"{path} cannot be read ({refusal.strerror}). Check who owns it.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as refusal:
        raise ConfigRefused(f"{path} is not TOML: {refusal}. Texts need quotes, tables [brackets].") from None
    return Reader(table, Complaints(path, source)).config()


@dataclass(frozen=True, slots=True)
class Reader:
    """One reading of a file."""

    table: dict[str, Any]
    said: Complaints

    def config(self) -> GatewayConfig:
        """The configuration. Raises ConfigRefused with everything that is wrong."""
        self.said.unknown(self.table, SECTIONS, None, 0)
        gateway, identity = self._section("gateway"), None
        if "data" in gateway:
            identity = Papers(Path(gateway["data"])).current()
        broker = self._section("broker") if identity is None or "broker" in self.table else {}
        self._needed(identity)
        found = instruments.read(self.said, self.table)
        where = self._address(gateway.get("address") or (str(identity.address) if identity else None))
        brokers.judge(self.said, broker)
        parts: dict[str, Any] = {
            "updates": self._updates(),
            "console": ConsoleSettings(**self._optional("console")),
            "dicom": devices.read(self.said, self.table, found),
            "blobs": BlobSettings(**self._optional("blobs")),
            "callers": tuple(callers.read(self.said, self.table, found)),
            "queue": QueueSettings(**self._optional("queue")),
        }
        if self.said.problems or where is None:
            raise ConfigRefused(*self.said.problems)
        path, data = self.said.path, Path(gateway["data"])
        plain = {key: gateway[key] for key in ("raw_days", "disk_floor_mb", "trial_s", "language") if key in gateway}
        reached = brokers.settings(broker, path.parent, identity, data)
        return GatewayConfig(path, where, data, reached, tuple(found), **plain, **parts)

    def _section(self, name: str) -> dict[str, Any]:
        section = self.table.get(name)
        if not isinstance(section, dict):
            path = self.said.path
            self.said.problems.append(f"{path}: the section [{name}] is missing. `emmetra gateway init` shows one.")
            return {}
        return self.said.checked(name, section, 0)

    def _optional(self, name: str) -> dict[str, Any]:
        """A section that may be left out."""
        given = self.table.get(name, {})
        if not isinstance(given, dict):
            self.said.say(name, None, 0, f"write [{name}] with one bracket")
            return {}
        return self.said.checked(name, given, 0)

    def _updates(self) -> UpdateSettings:
        told = self._optional("updates")
        quiet, usb = told.pop("quiet", None), told.pop("usb", None)
        return UpdateSettings(Quiet.of(quiet) if quiet else None, Path(usb) if usb else None, **told)

    def _needed(self, identity: Identity | None) -> None:
        """What only an enrolled gateway may leave out."""
        for name, key in (("gateway", "address"), ("broker", "url")):
            written = self.table.get(name)
            if identity is None and isinstance(written, dict) and key not in written:
                expected = KEYS[name][key].expected
                self.said.say(name, None, 0, f"{key} is missing; write {key} = {expected}, or enrol this gateway")

    def _address(self, given: str | None) -> Address | None:
        try:
            return None if given is None else Address.of(given)
        except ValueError as refusal:
            self.said.say("gateway", "address", 0, f'{refusal}; write "chain/store/gateway" in small letters')
            return None
