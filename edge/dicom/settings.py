"""What the configuration says about DICOM."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PORT = 11112
PDU = 131072  # bytes; 0 (unlimited) chokes some old devices
CHARSETS = (
    *("ISO_IR 6", "ISO_IR 100", "ISO_IR 101", "ISO_IR 109", "ISO_IR 110", "ISO_IR 144", "ISO_IR 127", "ISO_IR 126"),
    *("ISO_IR 138", "ISO_IR 148", "ISO_IR 13", "ISO_IR 166", "ISO_IR 192", "GB18030", "GBK"),
)


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """A device that may call. ``hosts`` are addresses or networks, ``address`` is where it takes commitment reports.

    ``rooms`` are further station names its worklist queries may carry; ``modalities`` what it examines, where it asks
    for none in particular.
    """

    name: str
    ae_title: str
    hosts: tuple[str, ...]
    address: tuple[str, int] | None = None
    modalities: tuple[str, ...] = ()
    lane: str | None = None
    rooms: tuple[str, ...] = ()
    charset: str | None = None
    pdu: int = PDU

    def calls_from(self, host: str) -> bool:
        """Whether it may call from this address."""
        try:
            here = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(here in ipaddress.ip_network(one, strict=False) for one in self.hosts)

    @property
    def stations(self) -> frozenset[str]:
        """Everything it may call itself in a worklist."""
        return frozenset((self.ae_title, *self.rooms))


@dataclass(frozen=True, slots=True)
class DicomSettings:
    """Where the program listens and who may call."""

    bind: tuple[str, int]
    ae_title: str = "EMMETRA"
    quarantine: bool = False
    devices: tuple[DeviceSettings, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None

    def called(self, ae_title: str) -> list[DeviceSettings]:
        """The devices with this title."""
        return [one for one in self.devices if one.ae_title == ae_title]

    def named(self, name: str) -> DeviceSettings | None:
        """The device with this name on the gateway."""
        return next((one for one in self.devices if one.name == name), None)


def is_ae_title(text: Any) -> bool:
    """At most 16 printable ASCII characters without backslash, not only blanks (PS3.5 6.2, AE)."""
    return (
        isinstance(text, str)
        and 0 < len(text.strip()) <= len(text) <= 16
        and text.isascii()
        and text.isprintable()
        and "\\" not in text
    )


def is_network(text: Any) -> bool:
    """An address or a network."""
    try:
        return isinstance(text, str) and bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def endpoint(text: Any) -> tuple[str, int] | None:
    """``host:port``, or None where it is none."""
    host, colon, port = text.rpartition(":") if isinstance(text, str) else ("", "", "")
    if not (colon and host and port.isdigit() and 0 <= int(port) < 65536):
        return None
    return host.strip("[]"), int(port)


def settings(section: dict[str, Any], devices: list[dict[str, Any]], beside: Path) -> DicomSettings:
    """The settings of checked tables."""
    files = {key: beside / section[key] for key in ("certificate", "key", "ca") if key in section}
    return DicomSettings(
        bind=endpoint(section.get("bind")) or ("0.0.0.0", PORT),  # noqa: S104 - devices call from the store's network
        ae_title=section.get("ae_title", "EMMETRA").strip(),
        quarantine=section.get("quarantine", False),
        devices=tuple(_device(one) for one in devices),
        **files,
    )


def _device(given: dict[str, Any]) -> DeviceSettings:
    return DeviceSettings(
        name=given.get("name", ""),
        ae_title=given.get("ae_title", "").strip(),
        hosts=tuple(given.get("hosts", ())),
        address=endpoint(given.get("address")),
        modalities=tuple(given.get("modalities", ())),
        lane=given.get("lane"),
        rooms=tuple(given.get("rooms", ())),
        charset=given.get("charset"),
        pdu=given.get("pdu", PDU),
    )
