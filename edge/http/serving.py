"""As much HTTP/1.1 as a page or an instrument needs (RFC 9112): one request a connection, slow callers are let go."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote, urlsplit

log = logging.getLogger("emmetra.http")

LONGEST_HEAD, LONGEST_BODY = 8 * 1024, 4 * 1024
PATIENCE_S, CALLERS = 10.0, 24
LINGER_S = 2.0
FORM = "application/x-www-form-urlencoded"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; ``peer`` is the caller's address, ``form`` what a form said, ``body`` what was posted else."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    peer: str = ""
    body: bytes = b""

    def cookie(self, name: str) -> str:
        """A cookie, empty where there is none."""
        with contextlib.suppress(CookieError):
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
            return found.value if found else ""
        return ""


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a body may be, how long one may take to ask and to be answered (seconds), and who may ask at all.

    ``callers`` are heard at once: so many bodies have room in memory. Whoever comes beyond is hung up on.
    ``raw`` bodies are handed over as they are, in chunks or not; else a body is a form. ``words`` is what is said with
    a refusal, by its status.
    """

    body: int = LONGEST_BODY
    asking_s: float = PATIENCE_S
    answering_s: float = PATIENCE_S * 6
    raw: bool = False
    welcome: Callable[[str], bool] = lambda _peer: True
    words: Mapping[int, str] = field(default_factory=dict)
    callers: int = CALLERS
    served: "set[asyncio.Task[None]]" = field(default_factory=set)  # whoever is being served now


class BadRequest(Exception):
    """Not a request that is answered; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def see(path: str, **headers: str) -> Response:
    """Go and look there."""
    return Response(b"", 303, headers={"Location": path, **headers})


async def listen(host: str, port: int, answer: Answer, bounds: Bounds = Bounds()) -> asyncio.Server:
    """Begin to answer. Raises OSError when the port cannot be had."""
    callers = asyncio.Semaphore(bounds.callers)

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        me = asyncio.current_task()
        assert me is not None  # noqa: S101 - a handler is a task
        bounds.served.add(me)
        try:
            if callers.locked():
                return
            async with callers, asyncio.timeout(bounds.answering_s):
                await _serve(reader, writer, answer, bounds)
        except (ConnectionError, TimeoutError):
            return
        finally:
            bounds.served.discard(me)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    return await asyncio.start_server(met, host, port, limit=LONGEST_HEAD)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer, bounds: Bounds) -> None:
    head = heard = False
    try:
        async with asyncio.timeout(bounds.asking_s):
            request = await _read(reader, writer, bounds)
        heard = True
        head = request.method == "HEAD"
        response = await answer(request)
    except BadRequest as refusal:
        response = _refused(refusal.status, bounds)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, UnicodeDecodeError, ValueError):
        response = _refused(400, bounds)
    except Exception as mistake:
        log.error("a page stumbled: %s", type(mistake).__name__)
        response = Response(b"", 500)
    writer.write(_written(response, head=head))
    await writer.drain()
    if not heard:
        await _heard_out(reader, writer, bounds)


async def _heard_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bounds: Bounds) -> None:
    """A caller who is cut off while it still speaks never reads why: let it finish, for a while, unheard."""
    left = bounds.body
    with contextlib.suppress(OSError, TimeoutError):
        writer.write_eof()
        async with asyncio.timeout(LINGER_S):
            while left > 0 and (piece := await reader.read(LONGEST_HEAD)):
                left -= len(piece)


def _refused(status: int, bounds: Bounds) -> Response:
    said = bounds.words.get(status)
    return Response(said.encode(), status, "text/plain; charset=utf-8") if said else Response(b"", status)


def _peer(writer: asyncio.StreamWriter) -> str:
    return str((writer.get_extra_info("peername") or ("",))[0])


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bounds: Bounds) -> Request:
    if not bounds.welcome(_peer(writer)):
        raise BadRequest(403)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    first, *lines = head[:-4].split("\r\n")
    method, _, rest = first.partition(" ")
    target, _, version = rest.partition(" ")
    if method not in ("GET", "HEAD", "POST") or not version.startswith("HTTP/1."):
        raise BadRequest(405)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    path, peer = _path(target), _peer(writer)
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await _body(reader, headers, bounds)
    if bounds.raw:
        return Request(method, path, headers, peer=peer, body=body)
    return Request(method, path, headers, dict(parse_qsl(body.decode("utf-8"), max_num_fields=20)), peer)


def _path(target: str) -> str:
    """Of a target with or without a host before it; two slashes at its beginning are no host."""
    return unquote(target.partition("?")[0] if target.startswith("/") else urlsplit(target).path)


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str], bounds: Bounds) -> bytes:
    if "transfer-encoding" in headers:
        if not bounds.raw or headers["transfer-encoding"].lower() != "chunked":
            raise BadRequest(411)
        return await _chunks(reader, bounds.body)
    size = int(headers.get("content-length", "0"))
    if not 0 <= size <= bounds.body:
        raise BadRequest(413)
    return await reader.readexactly(size)


async def _chunks(reader: asyncio.StreamReader, most: int) -> bytes:
    """A body whose length its sender did not know (RFC 9112, 7.1); trailers are not read."""
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        if not 0 < size <= most - len(body):
            raise BadRequest(413)
        body += (await reader.readexactly(size + 2))[:-2]
    return bytes(body)


def _written(response: Response, *, head: bool) -> bytes:
    phrase = HTTPStatus(response.status).phrase
    headers = {
        **ALWAYS,
        "Content-Type": response.kind,
        "Content-Length": str(len(response.body)),
        "Cache-Control": "no-store",
        "Connection": "close",
        **response.headers,
    }
    lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if head else response.body)
