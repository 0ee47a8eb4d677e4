"""One request to another system: its address is resolved once, looked at, and spoken to; nothing is followed.

An owner of a chain names these addresses, so that the cloud's own network must not be reachable by them.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cloud.exchange.errors import NotAllowed, Silent
from cloud.kernel.settings import Misconfigured

TIMEOUT_S = 10.0
MOST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Request:
    """What is said; ``headers`` may hold credentials and are never logged."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Near:
    """Networks that may be spoken to although they are not public, and without TLS: none unless settings say so."""

    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Near":
        """Networks parted by commas. Raises Misconfigured."""
        try:
            return cls(tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip()))
        except ValueError:
            raise Misconfigured("EMMETRA_EXCHANGE_NEAR cannot be read; set it to networks like 10.1.0.0/16") from None

    def holds(self, address: str) -> bool:
        """Whether an address lies in one of them."""
        found = ipaddress.ip_address(address.partition("%")[0])
        return any(found in network for network in self.networks if network.version == found.version)


def send(request: Request, near: Near) -> int:
    """The status of the answer.

    Raises:
        NotAllowed: the address is no public one, or it is no HTTPS.
        Silent: nobody is there, or nothing was heard in time.
    """
    parts = urlsplit(request.url)
    address, port = _place(parts.scheme, parts.hostname or "", parts.port, near)
    line = _line(parts.scheme, parts.hostname or "", address, port)
    reached = False
    try:
        line.connect()
        reached = True
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        line.request(request.method, path or "/", request.body, dict(request.headers))
        answer = line.getresponse()
        answer.read(MOST_ANSWER)
    except (OSError, http.client.HTTPException):
        raise Silent(reached=reached) from None
    finally:
        line.close()
    return answer.status


def _place(scheme: str, host: str, port: int | None, near: Near) -> tuple[str, int]:
    """Where to speak: every address of the name has to be one that may be spoken to."""
    if scheme not in ("https", "http") or not host:
        raise NotAllowed("not an address of the web")
    port = port or (443 if scheme == "https" else 80)
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise Silent(reached=False) from None
    for address in found:
        if not near.holds(address) and (scheme != "https" or not is_public(address)):
            raise NotAllowed("not a public address over HTTPS")
    return min(found), port


def is_public(text: str) -> bool:
    """Whether an address belongs to the internet; one of version 4 in the clothes of version 6 is what it hides."""
    address = ipaddress.ip_address(text.partition("%")[0])
    hidden = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    found = hidden or address
    return found.is_global and not found.is_multicast and not found.is_reserved


def _line(scheme: str, host: str, address: str, port: int) -> http.client.HTTPConnection:
    if scheme == "http":
        plain = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        plain.connect = lambda: _connect(plain, address, port)  # type: ignore[method-assign]
        return plain
    line = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    line.connect = lambda: _connect(line, address, port, host)  # type: ignore[method-assign]
    return line


def _connect(line: http.client.HTTPConnection, address: str, port: int, host: str | None = None) -> None:
    """To the address that was looked at, not to what the name has become meanwhile."""
    line.sock = socket.create_connection((address, port), TIMEOUT_S)
    if host is not None:
        line.sock = ssl.create_default_context().wrap_socket(line.sock, server_hostname=host)
