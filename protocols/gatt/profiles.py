"""The standard health profiles: which service, which characteristics, how a value gets from device to gateway.

Source: Bluetooth SIG service documents, from knowledge; sixteen-bit numbers are short for the long UUIDs.
"""

from typing import NamedTuple

TIME, DEVICE, BATTERY = "2A2B", "180A", "2A19"
RACP, CONTEXT = "2A52", "2A34"
ABOUT = {"2A29": "maker", "2A24": "model", "2A25": "serial", "2A26": "firmware"}
_BASE = "0000{}-0000-1000-8000-00805f9b34fb"


class Profile(NamedTuple):
    """``measured`` are the characteristics of which the first that is there is listened to; ``beside`` goes with it."""

    service: str
    measured: tuple[str, ...]
    beside: tuple[str, ...] = ()
    stored: bool = False  # records are fetched by writing to RACP


PROFILES = {
    "blood_pressure": Profile("1810", ("2A35",)),
    "glucose": Profile("1808", ("2A18",), (CONTEXT,), stored=True),
    "weight": Profile("181D", ("2A9D",)),
    "thermometer": Profile("1809", ("2A1C",)),
    "oximeter": Profile("1822", ("2A5E", "2A5F")),
}


class Stream(NamedTuple):
    """A serial port over two characteristics: what is written to, and what notifies; the same for some modules."""

    service: str
    write: str
    notify: str


STREAMS = {
    "nus": Stream(
        "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
        "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
        "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
    ),
    "ffe0": Stream(_BASE.format("ffe0"), _BASE.format("ffe1"), _BASE.format("ffe1")),
    "fff0": Stream(_BASE.format("fff0"), _BASE.format("fff2"), _BASE.format("fff1")),
}


def long(short: str) -> str:
    """The whole UUID of a sixteen-bit number, in small letters."""
    return _BASE.format(short.lower())


def short(uuid: str) -> str:
    """The sixteen-bit number of a UUID, in capitals; the UUID itself where it has none."""
    return uuid[4:8].upper() if uuid.lower() == long(uuid[4:8]) else uuid.lower()
