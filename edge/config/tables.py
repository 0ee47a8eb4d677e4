"""The keys of every section of the file, by section; those of the callers by their kind."""

import re
from typing import get_args

from edge.callers.settings import KINDS
from edge.config.keys import Key, number, one_of, some, switch, text, whole
from edge.dicom.settings import CHARSETS, endpoint, is_ae_title, is_network
from edge.links.settings import Parity
from edge.listening import is_bind
from edge.pins import is_digest
from edge.updates.hours import QUIET

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
    "queue": {
        "after_s": Key(
            lambda v: type(v) in (int, float) and 15 <= v <= 3600, "a number of seconds from 15 to 3600 such as 60"
        ),
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
