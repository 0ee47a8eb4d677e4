"""Instruments that are HTTP clients: ``http-server://0.0.0.0:8080?allow=10.0.0.5``.

The gateway listens. A chunk is one whole request, ``METHOD path HTTP/1.1``, its content type and its body; what is
written is the whole answer to it (``reply``). Whoever asks waits until then: an instrument that reads ``ok`` knows that
its result is on disk. One request at a time, the others wait in line; a request whose answer never comes is let go.
"""

import asyncio
import ipaddress
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from edge.http.serving import Bounds, Request, Response, listen
from edge.links.base import LinkLost, LinkRefused

LONGEST_BODY = 8 * 1024 * 1024
ASKING_S, ANSWERING_S = 60.0, 90.0  # an instrument on a weak wireless net posts megabytes
WAITING = 8
FAREWELL_S = 0.5
EXAMPLE = "http-server://0.0.0.0:8080?allow=10.0.0.5"
WORDS = {
    400: "The gateway could not read the request. Send it again.",
    403: "This gateway does not know your address. Ask for it to be allowed.",
    413: "The file is too large for the gateway (8 MB). It was not taken.",
}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Place(NamedTuple):
    """Where to listen, and to whom; nobody named is everybody."""

    host: str
    port: int
    allowed: tuple[Network, ...]

    def welcomes(self, peer: str) -> bool:
        """Whether a caller may ask."""
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return not self.allowed or any(mapped in network for network in self.allowed)


class _Asked(NamedTuple):
    said: bytes
    answer: "asyncio.Future[bytes]"


class HttpServerLink:
    """One port on which instruments of one kind ask. ``data`` is the gateway's own folder."""

    whole = True

    def __init__(self, data: Path | None) -> None:
        self.data, self.port = data, 0
        self._waiting: asyncio.Queue[_Asked | None] = asyncio.Queue(WAITING)
        self._current: _Asked | None = None
        self._server: asyncio.Server | None = None
        self._served: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self, place: Place) -> None:
        """Listen. Raises OSError."""
        bounds = Bounds(LONGEST_BODY, ASKING_S, ANSWERING_S, True, place.welcomes, WORDS, WAITING, self._served)
        self._server = await listen(place.host, place.port, self._asked, bounds)
        self.port = self._server.sockets[0].getsockname()[1]

    def __aiter__(self) -> "HttpServerLink":
        return self

    async def __anext__(self) -> bytes:
        while not self._closed:
            asked = await self._waiting.get()
            if asked is not None and not asked.answer.done():  # else its caller went away
                self._current = asked
                return asked.said
        raise StopAsyncIteration

    async def write(self, data: bytes) -> None:
        """Answer the request that was read last. Raises LinkLost after closing."""
        if self._closed:
            raise LinkLost("the server is closed")
        if self._current is not None and not self._current.answer.done():
            self._current.answer.set_result(data)
        self._current = None

    async def aclose(self) -> None:
        """Listen no more; whoever waits is told to come again."""
        if self._closed:
            return
        self._closed = True
        if self._server is not None:
            self._server.close()
        for asked in [self._current, *self._drained()]:
            if asked is not None and not asked.answer.done():
                asked.answer.set_result(reply(503, "The gateway is busy. The result was not taken; send it again."))
        self._waiting.put_nowait(None)
        await self._let_go()

    async def _let_go(self) -> None:
        """Callers have a moment to hear why."""
        served = set(self._served)
        if served:
            await asyncio.wait(served, timeout=FAREWELL_S)
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)

    def _drained(self) -> list[_Asked | None]:
        return [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]

    async def _asked(self, request: Request) -> Response:
        if self._closed or self._waiting.full():
            return _response(reply(503, "The gateway is busy. Send it again."))
        answer = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(_Asked(_as_bytes(request), answer))
        return _response(await answer)


async def open_http_server(url: str, data: Path | None = None) -> HttpServerLink:
    """Listen where the address says. Raises LinkRefused."""
    place, link = parsed(url), HttpServerLink(data)
    try:
        await link.open(place)
    except OSError as refusal:
        what = f"Port {place.port} of {place.host} cannot be listened at ({refusal.strerror or refusal})."
        raise LinkRefused(what, "Choose a port nobody else uses, above 1023; it is tried again.") from None
    return link


def parsed(url: str) -> Place:
    """Where to listen; ``allow`` is an address or a network and may be given more than once. Raises LinkRefused."""
    parts, networks = urlsplit(url), []
    asked = parse_qs(parts.query, keep_blank_values=True)
    try:
        host, port = parts.hostname, parts.port
        networks = [ipaddress.ip_network(one) for one in asked.get("allow", [])]
    except ValueError:
        host = port = None
    if not host or port is None or set(asked) - {"allow"} or parts.path.strip("/") or parts.fragment:
        raise LinkRefused(f"{url!r} names no address to listen at.", f"Write {EXAMPLE}.", lasting=True)
    return Place(host, port, tuple(networks))


def reply(status: int, text: str | bytes, kind: str = "text/plain; charset=utf-8") -> bytes:
    """An answer as it is written."""
    body = text.encode() if isinstance(text, str) else text
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {kind}\r\n\r\n".encode() + body


def asked_of(said: bytes) -> Request:
    """A chunk of this link as a request. Raises ValueError when it is none."""
    head, parted, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    path, _, version = rest.rpartition(" ")
    if not parted or not version.startswith("HTTP/1."):
        raise ValueError("these bytes are no request")
    pairs = (line.partition(":") for line in lines)
    return Request(method, path, {name.strip().lower(): value.strip() for name, _, value in pairs}, body=body)


def _as_bytes(request: Request) -> bytes:
    path = request.path.replace("\r", "").replace("\n", "")
    head = f"{request.method} {path} HTTP/1.1\r\nContent-Type: {request.headers.get('content-type', '')}\r\n\r\n"
    return head.encode("utf-8", "replace") + request.body


def _response(said: bytes) -> Response:
    head, _, body = said.partition(b"\r\n\r\n")
    first, kind = head.decode("latin-1").split("\r\n")
    return Response(body, int(first.split(" ")[1]), kind.partition(": ")[2])
