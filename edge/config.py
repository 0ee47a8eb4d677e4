"""The gateway's configuration: one TOML file, read with patience and refused with precision.

Everything wrong is said at once, each with file, line, what was expected and what to write.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from edge.blobs.settings import BlobSettings
from edge.callers.settings import KINDS, CallerSettings
from edge.callers.settings import settings as caller_settings
from edge.dicom.settings import CHARSETS, DicomSettings, endpoint, is_ae_title, is_network
from edge.dicom.settings import settings as dicom_settings
from edge.identity.papers import NAME, Identity, Papers
from edge.links import LinkRefused
from edge.links.opening import address
from edge.links.settings import Parity
from edge.links.usb import NUMBERED, lasting_name
from edge.listening import ConsoleSettings, is_bind
from edge.pins import is_digest
from edge.supervisor.fitting import InstrumentSettings
from edge.updates.hours import QUIET, Quiet
from edge.updates.upkeep import Settings as UpdateSettings
from edge.uplink.broker import BrokerSettings
from protocols.envelope import Address
from protocols.envelope.table_map import TableMap

EXAMPLE = """\
# Emmetra gateway. `emmetra gateway check --config FILE` tries all of it.

[gateway]
address = "demo/main-street/gw-1"      # chain/store/gateway; an enrolled gateway knows it, leave it out there
data = "/var/lib/emmetra"              # the outbox lives here; give it a disk of its own if you can
# language = "en"                      # of checks and console: en or zh
# raw_days = 7                         # how long raw bytes are kept on the gateway
# disk_floor_mb = 64                   # below this no result is accepted, so that those stored can still leave
# trial_s = 120                        # a configuration from afar that loses the cloud is taken back after so long

[broker]                               # an enrolled gateway knows its broker too
url = "mqtt://localhost:1883"          # mqtts://host:8883 with the three files below
# ca = "/etc/emmetra/ca.pem"
# certificate = "/etc/emmetra/gateway.pem"
# key = "/etc/emmetra/gateway.key"
# retry_s = 60                         # the longest pause before a broker that is away is tried again

# [console]                            # the page on this gateway, for whoever stands before it
# bind = "0.0.0.0:8080"                # until a PIN is set (`emmetra gateway pin`) it listens on this box only

# [blobs]                              # pictures and volumes, sent beside the readings
# days = 7                             # how long they stay here once the cloud has them
# kbit_s = 2000                        # no faster than this; without it as fast as the line is

# [updates]
# quiet = "21:00-06:30"                # new software starts in these hours only; local time
# usb = "/media"                       # take in a signed release from a stick that is mounted there

# [dicom]                              # cameras, biometers, OCTs and perimeters that speak DICOM
# bind = "0.0.0.0:11112"
# ae_title = "EMMETRA"                 # what the devices call this gateway
# [[dicom.device]]
# name = "biometer-1"
# ae_title = "IOLM700"                 # what the device calls itself
# hosts = ["192.168.1.40"]             # where it may call from; networks such as 192.168.1.0/24 too
# address = "192.168.1.40:11112"       # where it takes storage commitment reports
# modalities = ["OAM"]                 # what it examines, where its worklist query does not say
# lane = "Room 2"
# rooms = ["ROOM2"]                    # further station names in its worklist queries
# charset = "ISO_IR 192"               # only to differ from what the device asks for

# [callers.desk]                       # what calls patients: escpos, cd5220, alpha, modbus, voice, screen
# kind = "escpos"                      # a ticket printer
# url = "tcp://192.168.1.60:9100"      # or file:///dev/usb/lp0, or a serial port as an instrument has it
# encoding = "gb18030"                 # gbk, utf-8, cp437 or cp1252
# columns = 48                         # 32 on paper of 58 mm
# fs_amp = false                       # Chinese must be switched on before it is sent
# cutter = true
# calls = false                        # prints a slip for each call as well
# status = true                        # false for a model that never says how it is
# font = "NotoSansCJK-Regular.ttc"     # draws what the printer has no letters for
# for = ["room-1", "room-2"]           # the stations it serves; without it all
# [callers.hall]
# kind = "voice"
# zone = "ground floor"                # voices that can be heard together speak in turn
# player = ["aplay", "-q"]
# languages = ["zh", "en"]             # of those a call asks for
# voice = { en = "en-gb" }             # other voices of espeak-ng
# repeat = 2
# clips = "clips"                      # a folder of phrases somebody spoke: clips/zh/digit.1.wav
# [callers.tv]
# kind = "screen"                      # the page /screen of this gateway's console
# [callers.till]
# kind = "cd5220"
# url = "/dev/serial/by-id/usb-display"
# behind_printer = false               # it hangs on the line of a printer
# [callers.sign]
# kind = "alpha"
# url = "tcp://192.168.1.61:4001"
# label = "1"                          # of the string file that its text shows
# address = "00"
# [callers.door]
# kind = "modbus"
# url = "tcp://192.168.1.62:4001"
# unit = 1
# function = 6                         # or 16
# base = 0                             # its first register, as its manual has it
# form = "binary"                      # bcd or ascii
# digits = 3

[[instrument]]
name = "lensmeter-1"                   # as it is called in the store; no spaces
family = "nidek_frame"                 # `emmetra instruments` lists families and models
model = "LM-1800P"
url = "/dev/serial/by-id/usb-FTDI_FT232R_A1B2C3-if00-port0"
# url = "usb:0403:6001:A1B2C3"         # or the same adapter by vendor, product and serial number, or
                                       # socket://host:port, rfc2217://host:port, folder:///mnt/share?match=*.xml,
                                       # ble://AA:BB:CC:DD:EE:FF?profile=blood_pressure (`emmetra gateway bluetooth`),
                                       # files:///mnt/share?match=*.vol for volumes, and for an instrument that
                                       # pulls and posts: http-server://0.0.0.0:8090?allow=10.0.0.5
lane = "Room 2"
# family = "buttons"                   # a box with push buttons: model = "pad" says a byte for each key, "inputs" is a
# settings.keys = { "31" = "next:room-3" }  # Modbus module (settings.unit), whose keys are its inputs from "0"
# map = "lengths.toml"                 # for the family mapped_table: what the columns of an export are (`emmetra map`)
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
    trial_s: float = 120.0
    updates: UpdateSettings = field(default_factory=UpdateSettings)
    language: str = "en"
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
    blobs: BlobSettings = field(default_factory=BlobSettings)
    dicom: DicomSettings | None = None
    callers: tuple[CallerSettings, ...] = ()


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: a test, and how to say what was expected."""

    fits: Callable[[Any], bool]
    expected: str
    needed: bool = False
    secret: bool = False


def text(expected: str = "a text in quotes", needed: bool = False) -> Key:
    """A non-empty string."""
    return Key(lambda value: isinstance(value, str) and value.strip() != "", expected, needed)


def number(expected: str, least: float = 0) -> Key:
    """A number; TOML keeps true and false apart, Python does not."""
    return Key(lambda v: isinstance(v, int | float) and not isinstance(v, bool) and v >= least, expected)


def one_of(*values: Any, needed: bool = False) -> Key:
    """One of a few."""
    return Key(lambda v: v in values and not isinstance(v, bool), "one of " + ", ".join(map(_shown, values)), needed)


def whole(least: int, most: int, needed: bool = False) -> Key:
    """A whole number."""
    return Key(lambda v: type(v) is int and least <= v <= most, f"a whole number from {least} to {most}", needed)


def switch() -> Key:
    """On or off."""
    return Key(lambda v: isinstance(v, bool), "true or false")


def some(fits: Callable[[Any], bool], expected: str, needed: bool = False) -> Key:
    """A list of at least one."""
    return Key(lambda v: isinstance(v, list) and len(v) > 0 and all(map(fits, v)), expected, needed)


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
        "address": text('"chain/store/gateway", each of a-z, 0-9 and -'),
        "data": text("a folder in quotes", needed=True),
        "raw_days": number("a number of days such as 7"),
        "disk_floor_mb": number("a number of megabytes such as 64"),
        "language": one_of("en", "zh"),
        "trial_s": number("a number of seconds such as 120", least=1),
    },
    "broker": {
        "url": Key(
            lambda v: isinstance(v, str) and bool(_BROKER.match(v)), '"mqtt://host:1883" or "mqtts://host:8883"'
        ),
        "ca": text("a file in quotes"),
        "certificate": text("a file in quotes"),
        "key": text("a file in quotes"),
        "username": text(),
        "password": text(),
        "retry_s": number("a number of seconds such as 60", least=1),
    },
    "console": {
        "bind": Key(is_bind, 'host:port such as "0.0.0.0:8080", or "" for none'),
        "pin": Key(is_digest, "the digest that `emmetra gateway pin --show` prints, never the PIN itself", secret=True),
    },
    "blobs": {
        "days": number("a number of days such as 7"),
        "kbit_s": number("kilobits in a second such as 2000", least=1),
    },
    "updates": {
        "quiet": Key(lambda v: isinstance(v, str) and bool(QUIET.match(v)), 'two times such as "21:00-06:30"'),
        "usb": text("a folder in quotes"),
        "soak_s": number("a number of seconds such as 300", least=1),
        "limit_s": number("a number of seconds such as 1200", least=1),
    },
    "dicom": {
        "bind": Key(lambda v: endpoint(v) is not None, 'host:port such as "0.0.0.0:11112"'),
        "ae_title": Key(is_ae_title, "at most 16 letters, digits, _ or - in quotes"),
        "quarantine": switch(),
        "certificate": text("a file in quotes"),
        "key": text("a file in quotes"),
        "ca": text("a file in quotes"),
        "device": Key(lambda v: isinstance(v, list), "tables [[dicom.device]]"),
    },
    "dicom.device": {
        "name": Key(lambda v: isinstance(v, str) and bool(SLUG.match(v)), 'a short name such as "biometer-1"', True),
        "ae_title": Key(is_ae_title, "at most 16 letters, digits, _ or - in quotes", needed=True),
        "hosts": some(is_network, 'addresses in a list such as ["192.168.1.40"]', needed=True),
        "address": Key(lambda v: endpoint(v) is not None, 'host:port such as "192.168.1.40:11112"'),
        "modalities": some(lambda v: isinstance(v, str) and v != "", 'a list such as ["OAM"]'),
        "lane": text(),
        "rooms": some(is_ae_title, 'a list such as ["ROOM2"]'),
        "charset": one_of(*CHARSETS),
        "pdu": Key(lambda v: type(v) is int and (v == 0 or v >= 4096), "a whole number of bytes such as 16384"),
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
        "map": text("a file in quotes, begun with `emmetra map EXPORT`"),
        **LINE,
    },
}


WORDS = some(lambda v: isinstance(v, str) and v != "", 'a list such as ["room-1"]')
CALLER = {"kind": one_of(*KINDS, needed=True), "for": WORDS}
WIRED = {
    "url": text('an address in quotes, "tcp://host:9100", "file:///dev/usb/lp0" or "/dev/serial/by-id/…"', True),
    **LINE,
}
CALLERS: dict[str, dict[str, Key]] = {
    "escpos": {
        **CALLER,
        **WIRED,
        "encoding": one_of("gb18030", "gbk", "utf-8", "cp437", "cp1252"),
        "columns": whole(16, 96),
        **{name: switch() for name in ("fs_amp", "cutter", "calls", "status")},
        "font": text("a file in quotes"),
    },
    "cd5220": {**CALLER, **WIRED, "behind_printer": switch()},
    "alpha": {
        **CALLER,
        **WIRED,
        "label": Key(lambda v: isinstance(v, str) and bool(re.match(r"[!-~]\Z", v)), 'one letter such as "1"'),
        "address": Key(
            lambda v: isinstance(v, str) and bool(re.match(r"[0-9A-F]{2}\Z", v)), 'two digits such as "00" for all'
        ),
    },
    "modbus": {
        **CALLER,
        **WIRED,
        "unit": whole(0, 247),
        "function": one_of(6, 16),
        "base": whole(0, 65_535, needed=True),
        "form": one_of("binary", "bcd", "ascii"),
        "digits": whole(1, 8, needed=True),
    },
    "voice": {
        **CALLER,
        "zone": text(),
        "player": some(lambda v: isinstance(v, str) and v != "", 'a list of words such as ["aplay", "-q"]'),
        "languages": some(lambda v: v in ("en", "zh"), 'a list such as ["zh", "en"]'),
        "voice": Key(
            lambda v: (
                isinstance(v, dict) and v.keys() <= {"en", "zh"} and all(isinstance(one, str) for one in v.values())
            ),
            'a table such as { en = "en-gb" }',
        ),
        "repeat": whole(1, 3),
        "clips": text("a folder in quotes"),
    },
    "screen": CALLER,
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
        self._unknown(
            self.table, {"gateway", "broker", "instrument", "updates", "console", "dicom", "blobs", "callers"}, None, 0
        )
        gateway, identity = self._section("gateway"), None
        if "data" in gateway:
            identity = Papers(Path(gateway["data"])).current()
        broker = self._section("broker") if identity is None or "broker" in self.table else {}
        self._needed(identity)
        instruments = self._instruments()
        where = self._address(gateway.get("address") or (str(identity.address) if identity else None))
        self._tls(broker)
        updates, console, dicom = self._updates(), self._console(), self._dicom(instruments)
        blobs, callers = self._blobs(), self._callers(instruments)
        if self.problems or where is None:
            raise ConfigRefused(*self.problems)
        return GatewayConfig(
            path=self.path,
            address=where,
            data=Path(gateway["data"]),
            broker=_broker(broker, self.path.parent, identity, Path(gateway["data"])),
            instruments=tuple(instruments),
            raw_days=gateway.get("raw_days", 7.0),
            disk_floor_mb=gateway.get("disk_floor_mb", 64),
            trial_s=gateway.get("trial_s", 120.0),
            updates=updates,
            language=gateway.get("language", "en"),
            console=console,
            blobs=blobs,
            dicom=dicom,
            callers=tuple(callers),
        )

    def _section(self, name: str) -> dict[str, Any]:
        section = self.table.get(name)
        if not isinstance(section, dict):
            self.problems.append(f"{self.path}: the section [{name}] is missing. `emmetra gateway init` shows one.")
            return {}
        return self._checked(name, section, 0)

    def _updates(self) -> UpdateSettings:
        given = self.table.get("updates", {})
        if not isinstance(given, dict):
            self._say("updates", None, 0, "write [updates] with one bracket")
            return UpdateSettings()
        said = self._checked("updates", given, 0)
        quiet, usb = said.pop("quiet", None), said.pop("usb", None)
        return UpdateSettings(Quiet.of(quiet) if quiet else None, Path(usb) if usb else None, **said)

    def _blobs(self) -> BlobSettings:
        given = self.table.get("blobs", {})
        if not isinstance(given, dict):
            self._say("blobs", None, 0, "write [blobs] with one bracket")
            return BlobSettings()
        return BlobSettings(**self._checked("blobs", given, 0))

    def _console(self) -> ConsoleSettings:
        given = self.table.get("console", {})
        if not isinstance(given, dict):
            self._say("console", None, 0, "write [console] with one bracket")
            return ConsoleSettings()
        return ConsoleSettings(**self._checked("console", given, 0))

    def _dicom(self, instruments: list[InstrumentSettings]) -> DicomSettings | None:
        given = self.table.get("dicom")
        if given is None:
            return None
        listed = given.get("device", []) if isinstance(given, dict) else None
        if not isinstance(listed, list):
            self._say("dicom", None, 0, "write [dicom] with one bracket and each device as [[dicom.device]] with two")
            return None
        section = self._checked("dicom", given, 0)
        if ("certificate" in section) != ("key" in section):
            self._say("dicom", None, 0, "certificate and key belong together; write both or neither")
        devices = [self._checked("dicom.device", one, at) for at, one in enumerate(listed)]
        self._names_apart(devices, {one.name for one in instruments})
        return dicom_settings(section, devices, self.path.parent)

    def _names_apart(self, devices: list[dict[str, Any]], seen: set[str]) -> None:
        for at, device in enumerate(devices):
            name = device.get("name")
            if name in seen:
                self._say("dicom.device", "name", at, f"name {name!r} is used twice; every instrument needs its own")
            seen |= {name} if name else set()

    def _instruments(self) -> list[InstrumentSettings]:
        listed = self.table.get("instrument", [])
        if not isinstance(listed, list):
            self._say("instrument", None, 0, "write [[instrument]] with two brackets, once for each instrument")
            return []
        checked = [self._checked("instrument", section, at) for at, section in enumerate(listed)]
        found = [_instrument(section, self._map(section.get("map"), at)) for at, section in enumerate(checked)]
        self._twice(found, "name")
        self._twice(found, "url")
        for at, instrument in enumerate(found):
            self._url(instrument.url, at)
        return found

    def _callers(self, instruments: list[InstrumentSettings]) -> list[CallerSettings]:
        given = self.table.get("callers", {})
        if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
            self._say("callers", None, 0, "write each caller as [callers.NAME] with one bracket")
            return []
        dicom = self.table.get("dicom", {})
        devices = dicom.get("device", []) if isinstance(dicom, dict) else []
        names = {one.name for one in instruments} | {one.get("name") for one in devices if isinstance(one, dict)}
        ports = {one.url: one.name for one in instruments}
        return [found for name, one in given.items() if (found := self._caller(name, one, names, ports))]

    def _caller(
        self, name: str, given: dict[str, Any], names: set[Any], ports: dict[str, str]
    ) -> CallerSettings | None:
        """One of them; nothing where something is wrong with it."""
        before, section = len(self.problems), f"callers.{name}"
        if not SLUG.match(name) or name in names:
            self._say(section, None, 0, f"{name!r} is no name for a caller; write a short one that nothing else has")
        kind = given.get("kind")
        if kind not in KINDS:
            given = {key: value for key, value in given.items() if key in CALLER}
        checked = self._checked(section, given, 0, CALLERS[kind] if kind in KINDS else CALLER)
        if url := checked.get("url"):
            self._url(url, 0, section)
            if url in ports:
                self._say(
                    section, "url", 0, f"url {url!r} is that of the instrument {ports[url]}; one of them is wrong"
                )
        return caller_settings(name, checked, self.path.parent) if len(self.problems) == before else None

    def _map(self, name: str | None, at: int) -> TableMap | None:
        """The map of a program's tables, from the file beside this one."""
        if name is None:
            return None
        from protocols.mapped_table import BadMap, map_of

        try:
            return map_of((self.path.parent / name).read_text("utf-8"))
        except OSError as refusal:
            self._say("instrument", "map", at, f"map {name} cannot be read ({refusal.strerror})")
        except UnicodeDecodeError:
            self._say("instrument", "map", at, f"map {name} is no text in UTF-8")
        except BadMap as refusal:
            for sentence in refusal.sentences:
                self._say("instrument", "map", at, f"map {name}: {sentence}")
        return None

    def _checked(
        self, name: str, section: dict[str, Any], at: int, known: dict[str, Key] | None = None
    ) -> dict[str, Any]:
        known = known or KEYS[name]
        self._unknown(section, set(known), name, at)
        for key, rule in known.items():
            if key not in section:
                if rule.needed:
                    self._say(name, None, at, f"{key} is missing; write {key} = {rule.expected}")
            elif not rule.fits(section[key]):
                found = "(a secret)" if key == "password" or rule.secret else _shown(section[key])
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

    def _url(self, url: str, at: int, section: str = "instrument") -> None:
        try:
            if url:
                address(url)
        except LinkRefused as refusal:
            self._say(section, "url", at, f"{refusal.what} {refusal.hint}")
        if numbered := NUMBERED.match(url):
            self._say(section, "url", at, _numbered(numbered[1]))

    def _needed(self, identity: Identity | None) -> None:
        """What only an enrolled gateway may leave out."""
        for name, key in (("gateway", "address"), ("broker", "url")):
            written = self.table.get(name)
            if identity is None and isinstance(written, dict) and key not in written:
                expected = KEYS[name][key].expected
                self._say(name, None, 0, f"{key} is missing; write {key} = {expected}, or enrol this gateway")

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


def _broker(given: dict[str, Any], beside: Path, identity: Identity | None, data: Path) -> BrokerSettings:
    """What the file says; what it leaves out as the papers of an enrolled gateway say."""
    files = {key: beside / given[key] for key in ("ca", "certificate", "key") if key in given}
    url = given.get("url") or (identity.broker if identity else "")
    enrolled = identity is not None and "certificate" not in files and url.startswith("mqtts://")
    told = {key: given[key] for key in ("username", "password", "retry_s") if key in given}
    settings = BrokerSettings(url, **told, **files)
    return with_papers(settings, identity, data) if identity is not None and enrolled else settings


def with_papers(broker: BrokerSettings, identity: Identity, data: Path) -> BrokerSettings:
    """The settings with the files of the papers in force, by the link that always shows them."""
    link = data / NAME
    return replace(
        broker,
        ca=broker.ca or link / "roots.pem",
        certificate=link / "certificate.pem",
        key=None if identity.key is None else link / "key.pem",
        token=identity.token,
        enrolled=True,
    )


def _instrument(given: dict[str, Any], drawn: TableMap | None) -> InstrumentSettings:
    return InstrumentSettings(
        name=given.get("name", ""),
        family=given.get("family", ""),
        url=given.get("url", ""),
        model=given.get("model"),
        lane=given.get("lane"),
        line={key: given[key] for key in LINE if key in given},
        settings=given.get("settings", {}),
        map=drawn,
    )
