"""The instrument as an HTTP client: plain, without authentication, one request a connection."""

import asyncio
import json
from typing import Any, NamedTuple

from firmware_sim.mediworks_al550.export import exported

BOUNDARY = "----AL550FormBoundary7MA4YWxk"


class Answered(NamedTuple):
    """Status and text of an answer."""

    status: int
    text: str


class AL550:
    """``pull`` and ``push`` are the paths entered in its settings. ``chunked`` posts without telling a length."""

    maker, name = "Mediworks", "AL550"

    def __init__(
        self, host: str, port: int, *, pull: str = "/getPatients", push: str = "/setPatients", chunked: bool = False
    ) -> None:
        self._host, self._port, self._pull, self._push, self._chunked = host, port, pull, push, chunked
        self.patients: list[dict[str, Any]] = []

    async def fetch(self) -> Answered:
        """Pull the list of patients."""
        answered = await self._ask(f"GET {self._pull} HTTP/1.1", b"")
        self.patients = json.loads(answered.text) if answered.status == 200 else []
        return answered

    async def examine(self, patient: dict[str, Any], *, seed: int | str = 0, xml: bool = False) -> Answered:
        """Measure and post; the text is what its screen shows."""
        return await self.post(exported(patient, seed, xml=xml))

    async def post(self, file: bytes, part: str = "file") -> Answered:
        """Post these bytes as a file."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part}"; filename="export"\r\n'
        body = head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + file
        return await self.send(body + f"\r\n--{BOUNDARY}--\r\n".encode())

    async def send(self, body: bytes) -> Answered:
        """Post these bytes as a body."""
        kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        return await self._ask(f"POST {self._push} HTTP/1.1", body, kind)

    async def _ask(self, first: str, body: bytes, headers: str = "") -> Answered:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            length = "Transfer-Encoding: chunked\r\n" if self._chunked and body else f"Content-Length: {len(body)}\r\n"
            writer.write(f"{first}\r\nHost: {self._host}\r\n{headers}{length}\r\n".encode())
            writer.write(_chunks(body) if self._chunked and body else body)
            await writer.drain()
            return _answered(await reader.read())
        finally:
            writer.close()


def _chunks(body: bytes) -> bytes:
    pieces = [body[at : at + 4096] for at in range(0, len(body), 4096)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _answered(said: bytes) -> Answered:
    head, _, body = said.partition(b"\r\n\r\n")
    return Answered(int(head.split(b" ")[1]), body.decode())
