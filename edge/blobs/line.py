"""The way to the cloud over HTTPS: how far a blob is, and its next piece. Blocks; for one thread at a time.

What speaks HTTP is loaded when the first blob leaves: a gateway without pictures has no room for it.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import SplitResult, urlsplit

from edge.blobs.pace import Pace

PATIENCE_S = 30.0
STEP = 32 * 1024
LOWER_EFFORT = 0x04  # DSCP 1 (RFC 8622): a router that knows it lets a reading pass a volume
OFFSET = "Upload-Offset"


class Away(Exception):
    """The cloud cannot be reached, or cannot help at the moment: again later."""


class TicketOver(Exception):
    """The ticket is good no more: another is needed."""


class Elsewhere(Exception):
    """The upload stands at ``offset``."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


class Unreadable(Exception):
    """The file here is gone, or not what it was."""


class Refused(Exception):
    """The cloud will never take these bytes."""


class Line:
    """Keeps one connection, as long as it is good. ``trust`` makes the TLS context."""

    def __init__(self, trust: Callable[[], ssl.SSLContext], pace: Pace) -> None:
        self._trust, self._pace = trust, pace
        self._connection: Any = None
        self._where = ("", "")

    def stands(self, url: str, ticket: str) -> int:
        """How many bytes are there. Raises Away, TicketOver, Refused."""
        return self._ask("HEAD", url, ticket, {}, None)[1]

    def append(self, url: str, ticket: str, offset: int, path: Path, count: int) -> tuple[int, bool]:
        """Send ``count`` bytes of the file from ``offset`` on; how many are there now, and whether all of it is kept.

        Raises:
            Away, TicketOver, Elsewhere, Refused, Unreadable: see there.
        """
        headers = {OFFSET: str(offset), "Content-Length": str(count)}
        with _opened(path, offset) as file:
            status, here = self._ask("PATCH", url, ticket, headers, self._steps(file, count))
        return here, status == 200

    def close(self) -> None:
        """Let go, whoever is in the middle of something; may be called by any thread."""
        self._pace.stop()
        if (line := getattr(self._connection, "sock", None)) is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _steps(self, file: Any, count: int) -> Iterator[bytes]:
        while count > 0:
            self._pace.step(min(STEP, count))
            step = _read(file, min(STEP, count))
            count -= len(step)
            yield step

    def _ask(
        self, verb: str, url: str, ticket: str, headers: dict[str, str], body: Iterator[bytes] | None
    ) -> tuple[int, int]:
        import http.client

        where = urlsplit(url)
        try:
            connection = self._connected(where)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have said why before it hung up
                connection.request(verb, where.path, body, {"Authorization": f"Bearer {ticket}", **headers})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as trouble:
            self._drop()
            raise Away(f"{where.hostname} cannot be reached ({_kind(trouble)})") from None
        except BaseException:
            self._drop()
            raise
        if answer.will_close:
            self._drop()
        return answer.status, _judged(answer, where)

    def _connected(self, where: SplitResult) -> Any:
        if self._connection is None or self._where != (where.scheme, where.netloc):
            self._drop()
            self._connection = self._new(where)
            self._connection.connect()
            with contextlib.suppress(OSError):
                self._connection.sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, LOWER_EFFORT)
            self._where = (where.scheme, where.netloc)
        return self._connection

    def _new(self, where: SplitResult) -> Any:
        import http.client

        if where.scheme == "https":
            return http.client.HTTPSConnection(where.netloc, timeout=PATIENCE_S, context=self._trust())
        return http.client.HTTPConnection(where.netloc, timeout=PATIENCE_S)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@contextlib.contextmanager
def _opened(path: Path, offset: int) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as trouble:
        raise Unreadable(trouble.strerror) from None
    with file:
        file.seek(offset)
        yield file


def _read(file: BinaryIO, count: int) -> bytes:
    """The next bytes; a bad sector is no trouble of the line's."""
    try:
        found = file.read(count)
    except OSError as trouble:
        raise Unreadable(trouble.strerror) from None
    if not found:
        raise Unreadable("shorter than it was")
    return found


def _judged(answer: Any, where: SplitResult) -> int:
    """The offset of an answer that is a success."""
    said = answer.getheader(OFFSET, "")
    offset = int(said) if said.isdecimal() else None
    match answer.status:
        case 200 | 204 if offset is not None:
            return offset
        case 409 if offset is not None:
            raise Elsewhere(offset)
        case 410:
            raise TicketOver
        case 413 | 422:
            raise Refused({413: "too_large", 422: "refused"}[answer.status])
    raise Away(f"{where.hostname} answers with {answer.status}")


def _kind(trouble: Exception) -> str:
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return trouble.verify_message
    return getattr(trouble, "strerror", None) or type(trouble).__name__
