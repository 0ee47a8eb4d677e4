"""What an operator does with the store: another key over all chains, and a look at every piece."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select, update

from cloud.accounts import queries as accounts
from cloud.blobs import vault
from cloud.blobs.errors import Damaged, NoKey
from cloud.blobs.models import Blob, DataKey, Upload
from cloud.blobs.reading import opened
from cloud.kernel.database import unit_of_work

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something is wrong: with a blob of a chain, with its key, or with a place nobody knows (``orphan``)."""

    tenant_id: int
    what: str
    name: str


def rewrap(engine: Engine) -> int:
    """Lock every chain's key with the newest of the installation's; how many were changed. Raises NoKey."""
    return sum(_rewrapped(engine, tenant_id) for tenant_id in accounts.chains(engine))


def _rewrapped(engine: Engine, tenant_id: int) -> int:
    with unit_of_work(engine, tenant_id) as session:
        keys = vault.of(session).keys
        row = session.scalars(select(DataKey).with_for_update()).one_or_none()
        if row is None or row.wrapped_by == keys.newest:
            return 0
        key = keys.unwrap(row.wrapped, row.wrapped_by, tenant_id)
        session.execute(update(DataKey).values(wrapped=keys.wrap(key, tenant_id), wrapped_by=keys.newest))
        return 1


def check(engine: Engine) -> Iterator[Trouble]:
    """Open and hash every blob of every chain, and name every place that belongs to none."""
    for tenant_id in accounts.chains(engine):
        yield from _checked(engine, tenant_id)


def _checked(engine: Engine, tenant_id: int) -> Iterator[Trouble]:
    with unit_of_work(engine, tenant_id) as session:
        if session.scalars(select(DataKey)).one_or_none() is None:
            return
        here = vault.of(session)
        # listed before the rows are asked for, so that what arrives meanwhile is not called nobody's
        places = set(here.shelf.places(str(tenant_id)))
        try:
            chest = here.chest(session)
        except NoKey as refusal:
            yield Trouble(tenant_id, "key", str(refusal))
            return
    known = set[str]()
    for blob in _blobs(engine, tenant_id):
        known.add(blob.place)
        if not _is_whole(chest, blob):
            yield Trouble(tenant_id, "damaged", blob.sha256)
    yield from (Trouble(tenant_id, "orphan", place) for place in sorted(places - known - _arriving(engine, tenant_id)))


def _blobs(engine: Engine, tenant_id: int) -> Iterator[Blob]:
    """All of a chain, some at a time, so that no transaction is as long as the walk."""
    last = 0
    while True:
        with unit_of_work(engine, tenant_id) as session:
            found = session.scalars(select(Blob).where(Blob.id > last).order_by(Blob.id).limit(AT_ONCE)).all()
        if not found:
            return
        yield from found
        last = found[-1].id


def _arriving(engine: Engine, tenant_id: int) -> set[str]:
    with unit_of_work(engine, tenant_id) as session:
        return set(session.scalars(select(Upload.place)))


def _is_whole(chest: vault.Chest, blob: Blob) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in opened(chest, blob, 0, blob.bytes):
            digest.update(piece)
    except Damaged:
        return False
    return digest.hexdigest() == blob.sha256
