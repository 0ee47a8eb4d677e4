"""What an operator does: another key over all chains, and a look at every piece."""

import random

import pytest
from sqlalchemy import select

from cloud.blobs import looking_after, queries, reading, services, uploads, vault
from cloud.blobs.errors import NoKey
from cloud.blobs.folder import Folder
from cloud.blobs.models import DataKey
from cloud.blobs.sealing import Keys
from cloud.command import main as emmetra_cloud
from cloud.kernel.database import unit_of_work
from tests.cloud.blobs.rows_here import offer

pytestmark = pytest.mark.usefixtures("no_others_chains")
OLD, NEW = "0a" * 32, "0b" * 32
DATA = random.Random(9).randbytes((2 << 20) + 9)


@pytest.fixture
def folder(engine, ground, tmp_path):
    """A store of its own, with the key before."""
    before = vault._vaults[engine]
    use(engine, tmp_path, OLD)
    yield Folder(tmp_path)
    vault.install(engine, before)


def use(engine, folder, keys):
    vault.install(engine, vault.Vault(lambda: Folder(folder), lambda: Keys.of(keys)))


def put(engine, tenant_id, data=DATA):
    with unit_of_work(engine, tenant_id) as session:
        return services.put(session, data, "image/webp")


def read(engine, tenant_id, name):
    with unit_of_work(engine, tenant_id) as session:
        return reading.read(session, name)


def ours(found, *chains):
    return [trouble for trouble in found if trouble.tenant_id in chains]


@pytest.fixture(autouse=True)
def nobody_elses(owner):
    """Keys of other tests' chains were locked by other keys."""
    from sqlalchemy import text

    with owner.begin() as connection:
        connection.execute(text("TRUNCATE blobs_key, blobs_blob, blobs_upload"))


def test_another_key_of_the_installation_and_nothing_is_sealed_anew(engine, world, folder, tmp_path):
    name = put(engine, world.one)
    put(engine, world.two)
    pieces = {path: path.read_bytes() for path in tmp_path.rglob("0*") if path.is_file()}

    use(engine, tmp_path, f"{NEW},{OLD}")
    assert read(engine, world.one, name) == DATA
    assert looking_after.rewrap(engine) == 2
    assert looking_after.rewrap(engine) == 0
    use(engine, tmp_path, NEW)
    assert read(engine, world.one, name) == DATA
    assert {path: path.read_bytes() for path in pieces} == pieces
    use(engine, tmp_path, OLD)
    with pytest.raises(NoKey):
        read(engine, world.one, name)


def test_without_the_key_before_nothing_is_changed(engine, world, folder, tmp_path):
    put(engine, world.one)
    use(engine, tmp_path, NEW)
    with pytest.raises(NoKey):
        looking_after.rewrap(engine)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(DataKey.wrapped_by)).all() == [Keys.of(OLD).newest]
    assert [one.what for one in looking_after.check(engine)] == ["key"]


def test_a_look_at_everything_finds_what_is_damaged_and_what_is_nobodys(engine, world, folder, tmp_path):
    good, torn, gone = (put(engine, world.one, DATA + word) for word in (b"1", b"2", b"3"))
    assert list(looking_after.check(engine)) == []
    with unit_of_work(engine, world.one) as session:
        uploads.offered(session, world.pier.sender.gateway_id, offer(b"under way"))
        torn_at, gone_at = (queries.find(session, one).place for one in (torn, gone))
    folder.put(f"{world.one}/{torn_at}/000001", b"torn")
    folder.drop(f"{world.one}/{gone_at}")
    folder.put(f"{world.one}/left-over/000000", b"?")
    found = {(one.tenant_id, one.what, one.name) for one in looking_after.check(engine)}
    assert found == {
        *((world.one, "damaged", torn), (world.one, "damaged", gone)),
        (world.one, "orphan", "left-over"),
    }
    assert read(engine, world.one, good) == DATA + b"1"


def test_an_operator_does_it_by_command(engine, ground, world, folder, tmp_path, monkeypatch, capsys):
    name = put(engine, world.one)
    told = {"DATABASE_URL": ground.settings.database_url, "EMMETRA_SECRET_KEY": "s" * 32}
    told |= {"EMMETRA_BLOBS": str(tmp_path), "EMMETRA_BLOB_KEY": OLD}
    for key, value in told.items():
        monkeypatch.setenv(key, value)
    assert emmetra_cloud(["blobs", "check"]) == 0
    monkeypatch.setenv("EMMETRA_BLOB_KEY", f"{NEW},{OLD}")
    assert emmetra_cloud(["blobs", "rewrap"]) == 0
    assert "1 chains' keys" in capsys.readouterr().out

    monkeypatch.setenv("EMMETRA_BLOB_KEY", OLD)
    assert emmetra_cloud(["blobs", "rewrap"]) == 2
    assert emmetra_cloud(["blobs", "check"]) == 1
    said = capsys.readouterr().err
    assert (OLD in said, "cannot be opened" in said) == (False, True)
    monkeypatch.setenv("EMMETRA_BLOB_KEY", "nonsense")
    assert emmetra_cloud(["blobs", "check"]) == 2
    assert name not in capsys.readouterr().err
