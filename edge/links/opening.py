"""One way to open any link: by the scheme of its address."""

import asyncio
import importlib
from pathlib import Path
from urllib.parse import urlsplit

from edge.links.base import Link, LinkRefused
from edge.links.settings import LineSettings
from edge.links.usb import UsbIdentity, port_of

EXAMPLES = "/dev/serial/by-id/…, usb:VID:PID:SERIAL, socket://host:port, rfc2217://host:port or folder:///mnt/share"


async def open_link(url: str, line: LineSettings | None = None, data: Path | None = None) -> Link:
    """Open a link by its address. Raises LinkRefused.

    ``/dev/…``, ``serial:/dev/…`` and ``COM3`` are ports of this machine, ``usb:VID:PID:SERIAL`` the adapter of this
    identity wherever it is plugged in, ``socket://host:port`` plain TCP, ``rfc2217://host:port`` a port that can be
    set over the network, ``folder:///path?match=*.xml`` a watched folder, ``ble://…?profile=…`` a Bluetooth health
    device, ``ble-serial://…`` a serial stream over Bluetooth, ``http-server://host:port?allow=address`` a port on which
    instruments ask, ``files:///path?match=*.vol`` a folder of files too large for memory,
    ``usb-bulk://VID:PID`` and ``usb-hid://VID:PID`` endpoints of a USB instrument, ``camera:///dev/v4l/by-id/…`` a
    camera, ``pictures:///path`` pictures in its place. ``data`` is the
    gateway's own folder. ``tcp://`` is another name of ``socket://``; ``file:///dev/usb/lp0`` is a printer.
    """
    line = line or LineSettings()
    kind, where = address(url)
    if kind == "folder":
        return await importlib.import_module("edge.links.folder").open_folder(where, data)  # type: ignore[no-any-return]
    if kind == "ble":
        return await importlib.import_module("edge.links.gatt").open_gatt(where, data)  # type: ignore[no-any-return]
    if kind == "ble-serial":
        return await importlib.import_module("edge.links.gatt_serial").open_ble_serial(where)  # type: ignore[no-any-return]
    if kind in ("usb-bulk", "usb-hid"):
        return await importlib.import_module("edge.links.usb_pipe").open_usb(where)  # type: ignore[no-any-return]
    if kind in ("camera", "pictures"):
        return await importlib.import_module("edge.camera.link").open_camera(where, data)  # type: ignore[no-any-return]
    if kind == "files":
        return await importlib.import_module("edge.links.files").open_files(where, data)  # type: ignore[no-any-return]
    if kind == "http-server":
        module = importlib.import_module("edge.links.http_server")
        return await module.open_http_server(where, data)  # type: ignore[no-any-return]
    if kind == "usb":
        where = await asyncio.to_thread(port_of, where)
    if kind in ("serial", "usb"):
        return await importlib.import_module("edge.links.serial_port").open_serial(where, line)  # type: ignore[no-any-return]
    if kind == "file":
        return await importlib.import_module("edge.links.device").open_device(where)  # type: ignore[no-any-return]
    host, port = where.rsplit(":", 1)
    if kind == "rfc2217":
        return await importlib.import_module("edge.links.rfc2217").open_rfc2217(host, int(port), line)  # type: ignore[no-any-return]
    return await importlib.import_module("edge.links.tcp").open_tcp(host, int(port))  # type: ignore[no-any-return]


def address(url: str) -> tuple[str, str]:
    """The kind of link and where it leads. Raises LinkRefused on an address nobody can open."""
    if url.startswith("/") or url.upper().startswith("COM"):
        return "serial", url
    parts = urlsplit(url)
    if parts.scheme == "serial":
        return "serial", parts.path or parts.netloc
    if parts.scheme == "folder":
        importlib.import_module("edge.links.folder").parsed(url)
        return "folder", url
    if parts.scheme == "files":
        importlib.import_module("edge.links.files").parsed(url)
        return "files", url
    if parts.scheme == "http-server":
        importlib.import_module("edge.links.http_server").parsed(url)
        return "http-server", url
    if parts.scheme == "usb":
        return "usb", str(UsbIdentity.of(url))
    if parts.scheme in ("usb-bulk", "usb-hid"):
        importlib.import_module("edge.links.usb_address").UsbAddress.of(url)
        return parts.scheme, url
    if parts.scheme in ("camera", "pictures"):
        importlib.import_module("edge.camera.address").CameraAddress.of(url)
        return parts.scheme, url
    if parts.scheme in ("ble", "ble-serial"):
        importlib.import_module("edge.links.ble_address").BleAddress.of(url)
        return parts.scheme, url
    if parts.scheme == "file":
        return "file", importlib.import_module("edge.links.device").parsed(parts.path)
    if parts.scheme not in ("socket", "tcp", "rfc2217"):
        raise LinkRefused(f"{url!r} is not the address of a link.", f"Write {EXAMPLES}.", lasting=True)
    return "rfc2217" if parts.scheme == "rfc2217" else "socket", _host_and_port(url)


def _host_and_port(url: str) -> str:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port:
        raise LinkRefused(f"{url!r} names no host and port.", f"Write {EXAMPLES}.", lasting=True)
    return f"{host}:{port}"
