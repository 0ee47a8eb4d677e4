"""Where a process keeps sealed pieces and what opens them; the engine of a session says which one is meant."""

import secrets
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.blobs.errors import NoKey
from cloud.blobs.folder import Folder
from cloud.blobs.models import DataKey
from cloud.blobs.sealing import KEY_BYTES, About, Keys, seal, unseal
from cloud.kernel.settings import Misconfigured, Settings
from cloud.kernel.tenancy import current_tenant


class Shelf(Protocol):
    """A store of sealed pieces: ``cloud.blobs.folder`` or ``cloud.blobs.bucket``."""

    def put(self, name: str, sealed: bytes) -> None:
        """Keep a piece under this name; what was there is replaced. Raises OSError."""

    def get(self, name: str) -> bytes:
        """The piece. Raises Damaged where there is none, OSError where the store is away."""

    def drop(self, place: str) -> None:
        """Remove every piece below ``chain/place``."""

    def places(self, chain: str) -> Iterator[str]:
        """Every place of a chain."""


class Vault:
    """The store and the installation's keys, each opened when it is first wanted."""

    def __init__(self, shelf: Callable[[], Shelf], keys: Callable[[], Keys]) -> None:
        self._shelf, self._keys = shelf, keys

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """As the settings say."""
        return cls(lambda: _shelf(settings), lambda: _keys(settings))

    @cached_property
    def shelf(self) -> Shelf:
        """Where the pieces lie. Raises Misconfigured."""
        return self._shelf()

    @cached_property
    def keys(self) -> Keys:
        """What opens the chains' keys. Raises Misconfigured."""
        return self._keys()

    def chest(self, session: Session) -> "Chest":
        """The pieces of the chain this session works for. Raises Misconfigured, NoKey."""
        tenant_id = current_tenant()
        row = session.scalars(select(DataKey)).one_or_none() or self._new(session, tenant_id)
        return Chest(self.shelf, self.keys.unwrap(row.wrapped, row.wrapped_by, tenant_id), tenant_id)

    def _new(self, session: Session, tenant_id: int) -> DataKey:
        """A key of its own for a chain; where two make one at once, one of them counts."""
        wrapped = self.keys.wrap(secrets.token_bytes(KEY_BYTES), tenant_id)
        fresh = insert(DataKey).values(tenant_id=tenant_id, wrapped=wrapped, wrapped_by=self.keys.newest)
        session.execute(fresh.on_conflict_do_nothing())
        return session.scalars(select(DataKey)).one()


class Chest:
    """One chain's pieces."""

    def __init__(self, shelf: Shelf, key: bytes, tenant_id: int) -> None:
        self._shelf, self._key, self._tenant_id = shelf, key, tenant_id

    def put(self, place: str, sha256: str, number: int, data: bytes) -> None:
        """Seal a piece and keep it. Raises OSError."""
        sealed = seal(self._key, data, About(self._tenant_id, sha256, number))
        self._shelf.put(self._name(place, number), sealed)

    def get(self, place: str, sha256: str, number: int) -> bytes:
        """A piece, opened. Raises Damaged, OSError."""
        sealed = self._shelf.get(self._name(place, number))
        return unseal(self._key, sealed, About(self._tenant_id, sha256, number))

    def drop(self, place: str) -> None:
        """Throw all pieces of a place away."""
        self._shelf.drop(f"{self._tenant_id}/{place}")

    def _name(self, place: str, number: int) -> str:
        return f"{self._tenant_id}/{place}/{number:06d}"


_vaults: "WeakKeyDictionary[Engine, Vault]" = WeakKeyDictionary()


def install(engine: Engine, vault: Vault) -> None:
    """Whoever works with this engine keeps blobs here."""
    _vaults[engine] = vault


def of(session: Session) -> Vault:
    """The vault of this session's process. Raises Misconfigured where none was installed."""
    found = _vaults.get(session.get_bind().engine)
    if found is None:
        raise Misconfigured("this process was given no place for blobs")
    return found


def _keys(settings: Settings) -> Keys:
    try:
        return Keys.of(settings.blob_key)
    except NoKey as refusal:
        raise Misconfigured(
            f"EMMETRA_BLOB_KEY cannot be used: {refusal}; make one with `openssl rand -hex 32`"
        ) from None


def _shelf(settings: Settings) -> Shelf:
    if not settings.blobs.startswith("s3://"):
        return Folder(Path(settings.blobs))
    from cloud.blobs.bucket import Bucket  # an installation without a bucket needs no client for one

    return Bucket(settings.blobs, settings.blobs_user, settings.blobs_secret)


__all__ = ["Chest", "Shelf", "Vault", "install", "of"]
