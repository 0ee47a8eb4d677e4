"""The gateway's configuration: one TOML file, read with patience and refused with precision.

Everything wrong is said at once, each with file, line, what was expected and what to write.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from edge.links import LinkRefused
from edge.links.opening import address
from edge.links.settings import Parity
from edge.links.usb import NUMBERED, lasting_name
from edge.supervisor.fitting import InstrumentSettings
from edge.uplink.broker import BrokerSettings
from protocols.envelope import Address

EXAMPLE = """\
# Emmetra gateway. `emmetra gateway check --config FILE` tries all of it.

[gateway]
address = "demo/main-street/gw-1"      # chain/store/gateway, as enrolled in the cloud
data = "/var/lib/emmetra"              # the outbox lives here; give it a disk of its own if you can
# raw_days = 7                         # how long raw bytes are kept on the gateway
# disk_floor_mb = 64                   # below this no result is accepted, so that those stored can still leave

[broker]
url = "mqtt://localhost:1883"          # mqtts://host:8883 with the three files below
# ca = "/etc/emmetra/ca.pem"
# certificate = "/etc/emmetra/gateway.pem"
# key = "/etc/emmetra/gateway.key"

[[instrument]]
name = "lensmeter-1"                   # as it is called in the store; no spaces
family = "nidek_frame"                 # `emmetra instruments` lists families and models
model = "LM-1800P"
url = "/dev/serial/by-id/usb-FTDI_FT232R_A1B2C3-if00-port0"
# url = "usb:0403:6001:A1B2C3"         # or the same adapter by vendor, product and serial number, or
                                       # socket://host:port, rfc2217://host:port, folder:///mnt/share?match=*.xml
lane = "Room 2"
# baud = 9600                          # line settings come from the model; write them only to differ
# parity = "even"                      # none, even, odd, mark, space; there are also bits, stop (1, 1.5, 2) and the
                                       # switches rtscts, dsrdtr, xonxoff, dtr, rts
"""


class ConfigRefused(Exception):
    """The file cannot be used; each line names one thing and what to do about it."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """All a gateway needs to know."""

    path: Path
    address: Address
    data: Path
    broker: BrokerSettings
    instruments: tuple[InstrumentSettings, ...] = ()
    raw_days: float = 7.0
    disk_floor_mb: int = 64


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: a test, and how to say what was expected."""

    fits: Callable[[Any], bool]
    expected: str
    needed: bool = False


def text(expected: str = "a text in quotes", needed: bool = False) -> Key:
    """A non-empty string."""
    return Key(lambda value: isinstance(value, str) and value.strip() != "", expected, needed)


def number(expected: str, least: float = 0) -> Key:
    """A number; TOML keeps true and false apart, Python does not."""
    return Key(lambda v: isinstance(v, int | float) and not isinstance(v, bool) and v >= least, expected)


def one_of(*values: Any) -> Key:
    """One of a few."""
    return Key(lambda v: v in values and not isinstance(v, bool), "one of " + ", ".join(map(_shown, values)))


def switch() -> Key:
    """On or off."""
    return Key(lambda v: isinstance(v, bool), "true or false")


_BROKER = re.compile(r"mqtts?://[^\s/:]+(:\d{1,5})?/?\Z")
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
LINE = {
    "baud": Key(lambda v: type(v) is int and v > 0, "a whole number such as 9600"),
    "bits": one_of(5, 6, 7, 8),
    "parity": one_of(*get_args(Parity)),
    "stop": one_of(1, 1.5, 2),
    **{name: switch() for name in ("rtscts", "dsrdtr", "xonxoff", "dtr", "rts")},
}
KEYS: dict[str, dict[str, Key]] = {
    "gateway": {
        "address": text('"chain/store/gateway", each of a-z, 0-9 and -', needed=True),
        "data": text("a folder in quotes", needed=True),
        "raw_days": number("a number of days such as 7"),
        "disk_floor_mb": number("a number of megabytes such as 64"),
    },
    "broker": {
        "url": Key(
            lambda v: isinstance(v, str) and bool(_BROKER.match(v)), '"mqtt://host:1883" or "mqtts://host:8883"', True
        ),
        "ca": text("a file in quotes"),
        "certificate": text("a file in quotes"),
        "key": text("a file in quotes"),
        "username": text(),
        "password": text(),
    },
    "instrument": {
        "name": Key(
            lambda v: isinstance(v, str) and bool(SLUG.match(v)), 'a short name without spaces such as "tono-1"', True
        ),
        "family": text('a family in quotes such as "nidek_frame"', needed=True),
        "url": text('a port in quotes, "/dev/serial/by-id/…", "socket://host:port" or "folder:///path"', needed=True),
        "model": text(),
        "lane": text(),
        "settings": Key(lambda v: isinstance(v, dict), "a table of the driver's own settings"),
        **LINE,
    },
}


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
    return Reader(path, source, table).config()


@dataclass
class Reader:
    """One reading of a file; collects what is wrong."""

    path: Path
    source: str
    table: dict[str, Any]
    problems: list[str] = field(default_factory=list)

    def config(self) -> GatewayConfig:
        """The configuration. Raises ConfigRefused with everything that is wrong."""
        self._unknown(self.table, {"gateway", "broker", "instrument"}, None, 0)
        gateway, broker = self._section("gateway"), self._section("broker")
        instruments = self._instruments()
        where = self._address(gateway.get("address"))
        self._tls(broker)
        if self.problems or where is None:
            raise ConfigRefused(*self.problems)
        return GatewayConfig(
            path=self.path,
            address=where,
            data=Path(gateway["data"]),
            broker=_broker(broker, self.path.parent),
            instruments=tuple(instruments),
            raw_days=gateway.get("raw_days", 7.0),
            disk_floor_mb=gateway.get("disk_floor_mb", 64),
        )

    def _section(self, name: str) -> dict[str, Any]:
        section = self.table.get(name)
        if not isinstance(section, dict):
            self.problems.append(f"{self.path}: the section [{name}] is missing. `emmetra gateway init` shows one.")
            return {}
        return self._checked(name, section, 0)

    def _instruments(self) -> list[InstrumentSettings]:
        listed = self.table.get("instrument", [])
        if not isinstance(listed, list):
            self._say("instrument", None, 0, "write [[instrument]] with two brackets, once for each instrument")
            return []
        found = [_instrument(self._checked("instrument", section, at)) for at, section in enumerate(listed)]
        self._twice(found, "name")
        self._twice(found, "url")
        for at, instrument in enumerate(found):
            self._url(instrument.url, at)
        return found

    def _checked(self, name: str, section: dict[str, Any], at: int) -> dict[str, Any]:
        known = KEYS[name]
        self._unknown(section, set(known), name, at)
        for key, rule in known.items():
            if key not in section:
                if rule.needed:
                    self._say(name, None, at, f"{key} is missing; write {key} = {rule.expected}")
            elif not rule.fits(section[key]):
                found = "(a secret)" if key == "password" else _shown(section[key])
                self._say(name, key, at, f"{key} is {found}, expected {rule.expected}")
        return {key: value for key, value in section.items() if key in known and known[key].fits(value)}

    def _unknown(self, section: dict[str, Any], known: set[str], name: str | None, at: int) -> None:
        for key in section.keys() - known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            self._say(name, key, at, f"{key} is not known here; {hint}")

    def _twice(self, found: list[InstrumentSettings], what: str) -> None:
        seen: set[str] = set()
        for at, instrument in enumerate(found):
            value = getattr(instrument, what)
            if value and value in seen:
                self._say("instrument", what, at, f"{what} {value!r} is used twice; every instrument needs its own")
            seen.add(value)

    def _url(self, url: str, at: int) -> None:
        try:
            if url:
                address(url)
        except LinkRefused as refusal:
            self._say("instrument", "url", at, f"{refusal.what} {refusal.hint}")
        if numbered := NUMBERED.match(url):
            self._say("instrument", "url", at, _numbered(numbered[1]))

    def _address(self, given: str | None) -> Address | None:
        try:
            return None if given is None else Address.of(given)
        except ValueError as refusal:
            self._say("gateway", "address", 0, f'{refusal}; write "chain/store/gateway" in small letters')
            return None

    def _tls(self, broker: dict[str, Any]) -> None:
        if ("certificate" in broker) != ("key" in broker):
            self._say("broker", None, 0, "certificate and key belong together; write both or neither")
        if "ca" in broker and str(broker.get("url", "")).startswith("mqtt://"):
            self._say("broker", "ca", 0, "ca has no use without TLS; write url with mqtts://")

    def _say(self, section: str | None, key: str | None, at: int, what: str) -> None:
        line = next(_lines(self.source, section, key, at), None)
        self.problems.append(
            f"{self.path}{f', line {line}' if line else ''}: {what}.".replace("?.", "?").replace("..", ".")
        )


def _lines(source: str, section: str | None, key: str | None, at: int) -> Iterator[int]:
    """Where a key stands, or its section when the key is missing."""
    here, seen = None, -1
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*\[{1,2}\s*([\w.-]+)", line):
            here = header[1]
            seen += here == section
            if key in (here, None) and (section in (here, None)) and seen in (at, -1):
                yield number
        elif (
            key
            and here == section
            and (seen == at or section is None)
            and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[=.]", line)
        ):
            yield number


def _numbered(device: str) -> str:
    """Why a numbered port is refused, and the line to write instead."""
    name = lasting_name(device)
    write = (
        f'write url = "{name}"' if name else "write the name that `ls /dev/serial/by-id` shows once it is plugged in"
    )
    return f"{device} may be another adapter after the next start; {write}"


def _broker(given: dict[str, Any], beside: Path) -> BrokerSettings:
    files = {key: beside / given[key] for key in ("ca", "certificate", "key") if key in given}
    return BrokerSettings(given["url"], username=given.get("username"), password=given.get("password"), **files)


def _instrument(given: dict[str, Any]) -> InstrumentSettings:
    return InstrumentSettings(
        name=given.get("name", ""),
        family=given.get("family", ""),
        url=given.get("url", ""),
        model=given.get("model"),
        lane=given.get("lane"),
        line={key: given[key] for key in LINE if key in given},
        settings=given.get("settings", {}),
    )
