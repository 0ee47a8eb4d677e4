"""The same of every store: a folder, and S3 over a real socket."""

import os
import secrets

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from cloud.blobs import looking_after, reading, uploads, vault
from cloud.blobs.bucket import Bucket
from cloud.blobs.choices import Stand
from cloud.blobs.errors import Damaged, StoreAway
from cloud.blobs.folder import Folder
from cloud.blobs.models import Upload
from cloud.kernel.database import unit_of_work
from tests.cloud.blobs.bringing import MIB, digest
from tests.cloud.blobs.rows_here import offer

os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="module")
def service():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(service):
    name = f"blobs-{secrets.token_hex(4)}"
    told = {"endpoint_url": service, "aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    client = boto3.client("s3", **told)
    client.create_bucket(Bucket=name)
    client.close()
    return Bucket(f"s3://{name}/of-a-chain?endpoint={service}", "k", "s")


@pytest.fixture(params=["folder", "bucket"])
def shelf(request, tmp_path):
    return Folder(tmp_path / "blobs") if request.param == "folder" else request.getfixturevalue("bucket")


def test_a_piece_comes_back_as_it_was(shelf):
    piece = secrets.token_bytes(1 << 20)
    shelf.put("1/place/000000", piece)
    shelf.put("1/place/000001", b"")
    assert (shelf.get("1/place/000000"), shelf.get("1/place/000001")) == (piece, b"")


def test_the_same_name_again_replaces(shelf):
    shelf.put("1/place/000000", b"before")
    shelf.put("1/place/000000", b"after")
    assert shelf.get("1/place/000000") == b"after"


def test_a_piece_that_is_not_there_is_missing(shelf):
    with pytest.raises(Damaged):
        shelf.get("1/place/000007")


def test_a_place_goes_with_all_its_pieces_and_no_other(shelf):
    for name in ("1/here/000000", "1/here/000001", "1/there/000000", "11/here/000000"):
        shelf.put(name, b"x")
    assert sorted(shelf.places("1")) == ["here", "there"]
    shelf.drop("1/here")
    shelf.drop("1/nowhere")
    assert list(shelf.places("1")) == ["there"]
    assert shelf.get("11/here/000000") == b"x"
    assert list(shelf.places("2")) == []


def test_a_service_that_is_away_is_said(monkeypatch):
    away = Bucket("s3://blobs?endpoint=http://127.0.0.1:1", "k", "s")
    with pytest.raises(StoreAway, match="does not answer"):
        away.put("1/place/000000", b"x")
    with pytest.raises(StoreAway):
        away.get("1/place/000000")


def test_a_bucket_that_is_not_there_is_said(service):
    with pytest.raises(StoreAway, match="NoSuchBucket"):
        Bucket(f"s3://nobodys?endpoint={service}", "k", "s").put("1/place/000000", b"x")


def test_only_the_process_may_look_into_the_folder(tmp_path):
    Folder(tmp_path / "blobs").put("1/place/000000", b"x")
    assert (tmp_path / "blobs").stat().st_mode & 0o077 == 0


def test_a_volume_goes_into_a_bucket_and_a_part_of_it_out_again(engine, world, bucket):
    before = vault._vaults[engine]
    vault.install(engine, vault.Vault(lambda: bucket, lambda: before.keys))
    data = secrets.token_bytes(2 * MIB + 5)
    try:
        with unit_of_work(engine, world.one) as session:
            uploads.offered(session, world.pier.sender.gateway_id, offer(data))
            upload_id = session.scalars(select(Upload.id)).one()
            for start in range(0, len(data), MIB):
                uploads.append(session, upload_id, start, data[start : start + MIB])
            assert uploads.finish(session, upload_id) == Stand.KEPT
            assert reading.read(session, digest(data), 2 * MIB - 3, 6) == data[-8:-2]
        assert list(looking_after._checked(engine, world.one)) == []
    finally:
        vault.install(engine, before)
