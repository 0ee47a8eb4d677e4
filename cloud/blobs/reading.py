"""Bytes of a blob, opened piece by piece."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from cloud.blobs import queries, vault
from cloud.blobs.errors import Damaged, NoSuchBlob
from cloud.blobs.models import Blob, Upload
from cloud.blobs.sealing import PIECE


def read(session: Session, sha256: str, start: int = 0, length: int | None = None) -> bytes:
    """``length`` bytes from ``start`` on (None: to the end); less where it ends before. Opens the pieces it needs.

    Raises:
        NoSuchBlob: this chain has no such bytes.
        Damaged: what is stored is not what was kept.
        OSError: the store is away.
    """
    return b"".join(stream(session, sha256, start, length))


def stream(session: Session, sha256: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The same in pieces of at most 1 MiB, once the transaction may be over. Raises NoSuchBlob, Damaged, OSError."""
    blob = queries.find(session, sha256)
    if blob is None:
        raise NoSuchBlob(sha256)
    end = blob.bytes if length is None else min(blob.bytes, start + length)
    return opened(vault.of(session).chest(session), blob, start, end)


def media_type(session: Session, sha256: str) -> str:
    """As what these bytes were brought. Raises NoSuchBlob."""
    blob = queries.find(session, sha256)
    if blob is None:
        raise NoSuchBlob(sha256)
    return blob.media_type


def opened(chest: vault.Chest, what: Blob | Upload, start: int, end: int) -> Iterator[bytes]:
    """Bytes from ``start`` to before ``end`` of a blob, or of what came of one. Raises Damaged, OSError."""
    place, sha256, size = what.place, what.sha256, what.bytes
    for number in range(start // PIECE, -(-end // PIECE) if end > start else 0):
        first = number * PIECE
        piece = chest.get(place, sha256, number)
        if len(piece) != min(PIECE, size - first):
            raise Damaged(f"piece {number} of {sha256} has another length")
        yield piece[max(0, start - first) : end - first]
