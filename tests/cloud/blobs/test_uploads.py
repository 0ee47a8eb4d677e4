"""What a gateway brings over HTTPS: only what was offered, only with its own ticket, and only whole."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cloud.blobs import queries, reading, services, uploads, vault
from cloud.blobs.errors import Damaged, NoSuchBlob, StoreAway
from cloud.blobs.models import Blob, DataKey, Upload
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from tests.cloud.blobs.bringing import MIB, digest

VOLUME = random.Random(6).randbytes(3 * MIB + 12_345)


def kept(engine, tenant_id, data):
    with unit_of_work(engine, tenant_id) as session:
        return queries.find(session, digest(data))


def open_uploads(engine, tenant_id):
    with unit_of_work(engine, tenant_id) as session:
        return session.scalars(select(Upload)).all()


def test_what_is_offered_comes_piece_by_piece_and_is_kept(engine, world, gateway):
    answer = gateway.offer(VOLUME)
    assert (answer.state, answer.offset) == ("send", 0)
    assert answer.url == f"https://cloud.example/gateways/v1/blobs/{digest(VOLUME)}"

    first = gateway.patch(answer, 0, VOLUME[: 2 * MIB])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(2 * MIB))
    assert gateway.head(answer).headers["Upload-Offset"] == str(2 * MIB)
    last = gateway.patch(answer, 2 * MIB, VOLUME[2 * MIB :])
    assert last.status_code == 200

    blob = kept(engine, world.one, VOLUME)
    assert (blob.bytes, blob.media_type, blob.gateway_id) == (
        len(VOLUME),
        "application/dicom",
        world.pier.sender.gateway_id,
    )
    assert gateway.hear(digest(VOLUME)).state == "have"
    assert open_uploads(engine, world.one) == []
    with unit_of_work(engine, world.one) as session:
        assert reading.read(session, digest(VOLUME)) == VOLUME


@pytest.mark.parametrize("data", [b"", b"x", VOLUME[:MIB], VOLUME[: MIB + 1]], ids=["none", "one", "piece", "more"])
def test_every_length_arrives(engine, world, gateway, data):
    assert gateway.bring(data).status_code == 200
    with unit_of_work(engine, world.one) as session:
        assert reading.read(session, digest(data)) == data


def test_a_hash_that_is_there_is_never_sent_again(gateway):
    gateway.bring(VOLUME)
    assert gateway.offer(VOLUME).state == "have"


def test_a_tail_that_broke_off_is_sent_again_and_nothing_else(gateway):
    answer = gateway.offer(VOLUME)
    half = gateway.patch(answer, 0, VOLUME[: MIB + MIB // 2])
    assert (half.status_code, half.headers["Upload-Offset"]) == (204, str(MIB))


def test_a_wrong_offset_is_told_the_right_one(gateway):
    answer = gateway.offer(VOLUME)
    gateway.patch(answer, 0, VOLUME[:MIB])
    for offset in (0, 2 * MIB, 5):
        refused = gateway.patch(answer, offset, VOLUME[offset : offset + MIB])
        assert (refused.status_code, refused.headers["Upload-Offset"]) == (409, str(MIB))


def test_pieces_may_be_larger_than_any_form(gateway):
    data = bytes(9 * MIB)
    answer = gateway.offer(data)
    assert gateway.patch(answer, 0, data[: 8 * MIB]).headers["Upload-Offset"] == str(8 * MIB)


def test_a_server_that_died_before_it_looked_looks_when_it_is_asked_again(engine, world, gateway):
    answer = gateway.offer(VOLUME)
    with unit_of_work(engine, world.one) as session:
        upload_id = session.scalars(select(Upload.id)).one()
        for start in range(0, len(VOLUME), MIB):
            uploads.append(session, upload_id, start, VOLUME[start : start + MIB])
    assert gateway.head(answer).headers["Upload-Offset"] == str(len(VOLUME))
    assert kept(engine, world.one, VOLUME) is None
    assert gateway.patch(answer, len(VOLUME), b"").status_code == 200
    assert kept(engine, world.one, VOLUME) is not None


@pytest.mark.parametrize("offset", ["", "-1", "nonsense", "1e3", "9" * 40])
def test_nonsense_for_an_offset_changes_nothing(engine, world, gateway, offset):
    answer = gateway.offer(VOLUME)
    refused = gateway.patch(answer, offset, VOLUME[:MIB])
    assert (refused.status_code, refused.headers["Upload-Offset"]) == (409, "0")
    assert [one.received for one in open_uploads(engine, world.one)] == [0]


def test_a_store_that_is_away_is_said_and_nothing_is_lost(engine, world, gateway, app, monkeypatch):
    answer = gateway.offer(VOLUME)
    gateway.patch(answer, 0, VOLUME[:MIB])
    shelf = vault._vaults[app.extensions["emmetra.engine"]].shelf

    def away(*_):
        raise StoreAway("nobody there")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(type(shelf), "put", away)
        refused = gateway.patch(answer, MIB, VOLUME[MIB:])
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert gateway.patch(answer, MIB, VOLUME[MIB:]).status_code == 200


def test_no_ticket_and_no_key_is_ever_in_a_log(engine, world, gateway, caplog):
    caplog.set_level("DEBUG")
    answer = gateway.offer(VOLUME)
    gateway.patch(answer, 5, VOLUME[:MIB])
    gateway.patch(answer, 0, b"!" + VOLUME[1:])
    assert [word for word in (answer.ticket, "5e" * 32) if word in caplog.text] == []


def test_more_than_was_offered_is_not_taken(engine, world, gateway):
    answer = gateway.offer(VOLUME[:MIB])
    assert gateway.patch(answer, 0, VOLUME[: MIB + 1]).status_code == 413
    assert [one.received for one in open_uploads(engine, world.one)] == [0]


def test_a_request_larger_than_any_piece_is_not_taken(gateway):
    data = bytes(17 * MIB)
    assert gateway.patch(gateway.offer(data), 0, data).status_code == 413


def test_other_bytes_than_offered_are_thrown_away_and_told(engine, world, gateway):
    answer = gateway.offer(VOLUME)
    wrong = b"!" + VOLUME[1:]
    assert gateway.patch(answer, 0, wrong).status_code == 422

    assert kept(engine, world.one, VOLUME) is None
    assert kept(engine, world.one, wrong) is None
    told = gateway.hear(digest(VOLUME))
    assert (told.state, told.why) == ("no", "refused")
    assert open_uploads(engine, world.one) == []
    with unit_of_work(engine, world.one) as session:
        assert list(vault.of(session).shelf.places(str(world.one))) == []


def test_without_a_good_ticket_nothing_is_said_or_taken(engine, world, gateway, app):
    answer = gateway.offer(VOLUME)
    path = f"/gateways/v1/blobs/{answer.sha256}"
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Basic {answer.ticket}"}):
        assert app.test_client().head(path, headers=headers).status_code == 410
        assert app.test_client().patch(path, headers=headers, data=VOLUME[:MIB]).status_code == 410
    assert [one.received for one in open_uploads(engine, world.one)] == [0]


def test_a_ticket_is_for_one_blob_and_for_a_time(engine, world, gateway):
    answer, other = gateway.offer(VOLUME), gateway.offer(b"other bytes")
    assert gateway.patch(answer, 0, b"other bytes", sha=other.sha256).status_code == 410
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Upload).values(expires_at=now() - timedelta(seconds=1)))
    assert gateway.patch(answer, 0, VOLUME[:MIB]).status_code == 410
    assert gateway.head(other).status_code == 410


def test_the_ticket_before_is_good_no_more_and_none_is_kept(engine, world, gateway):
    first, second = gateway.offer(VOLUME), gateway.offer(VOLUME)
    assert gateway.head(first).status_code == 410
    assert gateway.head(second).status_code == 200
    assert second.ticket.encode() not in open_uploads(engine, world.one)[0].ticket


def test_charlie_can_neither_read_nor_finish_what_alice_gets(engine, world, gateway, stranger):
    ours = gateway.offer(VOLUME)
    gateway.patch(ours, 0, VOLUME[:MIB])
    theirs = stranger.offer(VOLUME)
    assert theirs.offset == 0
    assert stranger.patch(theirs, MIB, VOLUME[MIB:]).headers["Upload-Offset"] == "0"
    assert [one.received for one in open_uploads(engine, world.one)] == [MIB]

    gateway.patch(ours, MIB, VOLUME[MIB:])
    with unit_of_work(engine, world.two) as session, pytest.raises(NoSuchBlob):
        reading.read(session, digest(VOLUME))
    assert stranger.head(theirs).headers["Upload-Offset"] == "0"


def test_the_same_bytes_of_two_chains_lie_there_twice_each_under_its_key(engine, world, gateway, stranger):
    gateway.bring(VOLUME)
    stranger.bring(VOLUME)
    ours, theirs = kept(engine, world.one, VOLUME), kept(engine, world.two, VOLUME)
    with unit_of_work(engine, world.one) as session:
        shelf = vault.of(session).shelf
        key = session.scalars(select(DataKey.wrapped)).one()
    with unit_of_work(engine, world.two) as session:
        assert session.scalars(select(DataKey.wrapped)).one() != key
        chest = vault.of(session).chest(session)
    sealed = shelf.get(f"{world.one}/{ours.place}/000000")
    assert sealed != shelf.get(f"{world.two}/{theirs.place}/000000")
    shelf.put(f"{world.two}/{theirs.place}/000000", sealed)
    with pytest.raises(Damaged):
        chest.get(theirs.place, digest(VOLUME), 0)


def test_nothing_lies_in_the_store_as_it_came(engine, world, gateway):
    gateway.bring(VOLUME)
    place = kept(engine, world.one, VOLUME).place
    with unit_of_work(engine, world.one) as session:
        shelf = vault.of(session).shelf
        pieces = [shelf.get(f"{world.one}/{place}/{number:06d}") for number in range(4)]
    assert [len(piece) for piece in pieces] == [MIB + 28] * 3 + [12_345 + 28]
    assert [start for start in range(0, len(VOLUME) - 16, 4096) if VOLUME[start : start + 16] in b"".join(pieces)] == []


@pytest.mark.parametrize(("start", "length"), [(0, 10), (MIB - 5, 10), (MIB, MIB), (3 * MIB, None), (10**9, 5), (7, 0)])
def test_a_part_is_read_without_the_rest(engine, world, gateway, start, length):
    gateway.bring(VOLUME)
    place = kept(engine, world.one, VOLUME).place
    end = len(VOLUME) if length is None else start + length
    with unit_of_work(engine, world.one) as session:
        for number in {0, 1, 2, 3} - set(range(start // MIB, -(-end // MIB))):
            vault.of(session).shelf.put(f"{world.one}/{place}/{number:06d}", b"rubbish")
        assert reading.read(session, digest(VOLUME), start, length) == VOLUME[start:end]


def test_what_the_store_spoilt_before_it_was_kept_is_sent_anew(engine, world, gateway):
    answer = gateway.offer(VOLUME)
    gateway.patch(answer, 0, VOLUME[: 2 * MIB])
    upload = open_uploads(engine, world.one)[0]
    with unit_of_work(engine, world.one) as session:
        vault.of(session).shelf.put(f"{world.one}/{upload.place}/000001", b"torn")
    again = gateway.patch(answer, 2 * MIB, VOLUME[2 * MIB :])
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, "0")
    assert gateway.patch(answer, 0, VOLUME).status_code == 200


def test_what_two_gateways_bring_is_kept_once(engine, world, gateway, app):
    from tests.cloud.blobs.bringing import Gateway

    other = Gateway(engine, world.hill, app.test_client())
    mine, theirs = gateway.offer(VOLUME), other.offer(VOLUME)
    assert gateway.patch(mine, 0, VOLUME).status_code == 200
    assert other.patch(theirs, 0, VOLUME).status_code == 200
    with unit_of_work(engine, world.one) as session:
        assert [one.gateway_id for one in session.scalars(select(Blob))] == [world.pier.sender.gateway_id]
        assert len(list(vault.of(session).shelf.places(str(world.one)))) == 1


def test_what_another_gateway_brought_meanwhile_leaves_no_pieces_behind(engine, world, gateway, app):
    from cloud.blobs import tasks
    from tests.cloud.blobs.bringing import Gateway

    gateway.patch(gateway.offer(VOLUME), 0, VOLUME[:MIB])
    Gateway(engine, world.hill, app.test_client()).bring(VOLUME)
    assert gateway.offer(VOLUME).state == "have"
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Upload).values(touched_at=now() - uploads.PATIENCE - timedelta(days=1)))
    tasks.work(engine, every_s=0)
    assert open_uploads(engine, world.one) == []
    with unit_of_work(engine, world.one) as session:
        assert list(vault.of(session).shelf.places(str(world.one))) == [queries.find(session, digest(VOLUME)).place]
        assert reading.read(session, digest(VOLUME)) == VOLUME


def test_an_upload_nobody_goes_on_with_is_thrown_away(engine, world, gateway):
    from cloud.blobs import tasks

    answer = gateway.offer(VOLUME)
    gateway.patch(answer, 0, VOLUME[:MIB])
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Upload).values(touched_at=now() - uploads.PATIENCE - timedelta(days=1)))
    tasks.work(engine, every_s=0)
    assert open_uploads(engine, world.one) == []
    assert gateway.head(answer).status_code == 410
    with unit_of_work(engine, world.one) as session:
        assert list(vault.of(session).shelf.places(str(world.one))) == []


def test_a_derived_picture_is_kept_like_any_other(engine, world):
    with unit_of_work(engine, world.one) as session:
        name = services.put(session, VOLUME, "image/webp")
        assert services.put(session, VOLUME, "image/webp") == name
    with unit_of_work(engine, world.one) as session:
        assert (reading.read(session, name), queries.find(session, name).media_type) == (VOLUME, "image/webp")
