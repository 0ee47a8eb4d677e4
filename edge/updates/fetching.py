"""Where a release comes from: the cloud, piece by piece and resumed where it broke off, or a folder on a stick.

What speaks HTTP is loaded by the function that needs it: a gateway that fetches nothing has no room for it.
"""

import errno
import hashlib
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urljoin

from edge.updates import launcher
from edge.updates.refusals import NotNow, UpdateRefused
from protocols.envelope.release import MANIFEST, SIGNATURE, Archive

T = TypeVar("T")

PIECE = 256 * 1024
SMALL = 1 << 20
PATIENCE_S = 30.0


class Source(Protocol):
    """Where the three parts of a release are."""

    def manifest(self) -> bytes:
        """The signed bytes. Raises NotNow, UpdateRefused."""

    def signature(self) -> bytes:
        """Their signature. Raises NotNow, UpdateRefused."""

    def pieces(self, archive: Archive, start: int) -> Iterator[bytes]:
        """The archive from ``start``; an empty piece first means: from the beginning after all."""


class Cloud:
    """Over HTTP(S): the manifest at ``url``, its signature at ``url.sig``, archives beside it by their digest."""

    def __init__(self, url: str, ca: Path | None = None) -> None:
        self._url, self._ca = url, ca

    def manifest(self) -> bytes:
        """See Source."""
        return self._small(self._url)

    def signature(self) -> bytes:
        """See Source."""
        return self._small(self._url + ".sig")

    def pieces(self, archive: Archive, start: int) -> Iterator[bytes]:
        """See Source."""
        asked = {"Range": f"bytes={start}-"} if start else {}
        with closing(self._open(urljoin(self._url, archive.sha256), asked)) as answer:
            if start and answer.status != 206:
                yield b""
            while piece := self._heard(lambda: answer.read(PIECE)):
                yield piece

    def _small(self, url: str) -> bytes:
        with closing(self._open(url, {})) as answer:
            found: bytes = self._heard(lambda: answer.read(SMALL + 1))
        if len(found) > SMALL:
            raise UpdateRefused("The manifest is larger than any manifest.")
        return found

    def _open(self, url: str, headers: dict[str, str]) -> Any:
        import urllib.request

        if not url.startswith(("http://", "https://")):
            raise UpdateRefused(f"{url} is not an address a release comes from.")
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was looked at
        tls = self._tls(url)
        return self._heard(lambda: urllib.request.urlopen(request, timeout=PATIENCE_S, context=tls))  # noqa: S310

    def _heard(self, ask: Callable[[], T]) -> T:
        import http.client

        try:
            return ask()
        except (OSError, http.client.HTTPException) as trouble:
            code = getattr(trouble, "code", None) or type(trouble).__name__
            raise NotNow(f"The release cannot be fetched ({code}).") from None

    def _tls(self, url: str) -> ssl.SSLContext | None:
        if not url.startswith("https://"):
            return None
        context = ssl.create_default_context()
        if self._ca is not None:
            context.load_verify_locations(self._ca)
        return context


class Folder:
    """On a stick: the same files by their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def manifest(self) -> bytes:
        """See Source."""
        return self._read(MANIFEST)

    def signature(self) -> bytes:
        """See Source."""
        return self._read(SIGNATURE)

    def pieces(self, archive: Archive, start: int) -> Iterator[bytes]:
        """See Source."""
        try:
            with (self._folder / archive.name).open("rb") as file:
                file.seek(start)
                while piece := file.read(PIECE):
                    yield piece
        except OSError as trouble:
            raise NotNow(f"{archive.name} cannot be read from {self._folder} ({trouble.strerror}).") from None

    def _read(self, name: str) -> bytes:
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(SMALL)
        except OSError as trouble:
            raise NotNow(f"{name} cannot be read from {self._folder} ({trouble.strerror}).") from None


def source(where: str, ca: Path | None = None) -> Source:
    """The cloud for an address, else a folder."""
    return Cloud(where, ca) if "://" in where else Folder(Path(where))


def fetch(origin: Source, archive: Archive, into: Path) -> None:
    """Bring an archive to ``into``, going on where an earlier attempt stopped. Raises NotNow, UpdateRefused."""
    start = into.stat().st_size if into.exists() else 0
    if start > archive.size:
        start = 0
    if start < archive.size:
        _append(origin.pieces(archive, start), into, start, archive.size)
    if into.stat().st_size < archive.size:
        raise NotNow("The download broke off; it goes on where it stopped.")
    if _digest(into) != archive.sha256:
        os.unlink(into)  # noqa: PTH108 - every change to the disk goes through os: tests cut each
        raise NotNow("What was fetched is damaged; it is fetched anew.")


def _append(pieces: Iterator[bytes], into: Path, start: int, size: int) -> None:
    handle = os.open(into, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.ftruncate(handle, start)
        os.lseek(handle, start, os.SEEK_SET)
        for piece in pieces:
            if not piece:
                os.ftruncate(handle, 0)
                start = os.lseek(handle, 0, os.SEEK_SET)
                continue
            start += len(piece)
            if start > size:
                raise UpdateRefused("The archive is larger than was signed.")
            launcher.write_all(handle, piece)
            os.fsync(handle)
    except OSError as trouble:
        if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NotNow("The disk is full; the release waits for room.") from None
        raise
    finally:
        os.close(handle)
    launcher.sync_folder(into.parent)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
