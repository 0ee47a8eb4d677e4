"""From bytes to thumbnail, slices and the look from above, in a process that may die."""

import io
import json
import subprocess
import time
import zlib

import numpy as np
import pydicom
import pytest
from PIL import Image
from sqlalchemy import select

from cloud.blobs import reading
from cloud.blobs import services as blobs
from cloud.imaging import queries, reserve, services, tasks
from cloud.imaging.choices import RULE, Kind
from cloud.imaging.models import Original, Rendition
from cloud.kernel.database import unit_of_work
from tests.cloud.imaging.pictures_here import (
    bring,
    deep,
    derive,
    paper,
    photograph,
    ramp,
    volume,
    waiting,
)


def derived(engine, tenant_id, sha256):
    with unit_of_work(engine, tenant_id) as session:
        original = session.scalars(select(Original).where(Original.sha256 == sha256)).one()
        return original, {(one.kind, one.number): one for one in queries.renditions(session, original)}


def digests(engine, tenant_id):
    with unit_of_work(engine, tenant_id) as session:
        return session.scalars(select(Original.sha256)).all()


def kept(engine, tenant_id, data, media_type="application/dicom"):
    with unit_of_work(engine, tenant_id) as session:
        digest = blobs.put(session, data, media_type)
        services.ask(session, digest)
    return digest


def picture_of(engine, tenant_id, rendition):
    with unit_of_work(engine, tenant_id) as session:
        return Image.open(io.BytesIO(reading.read(session, rendition.sha256)))


def test_a_volume_becomes_thumbnail_slices_and_the_look_from_above(engine, world):
    taken = volume(slices=8)
    digest = kept(engine, world.one, taken.data)
    assert derive(engine, world.one) == 1

    original, made = derived(engine, world.one, digest)
    assert (original.state, original.why) == ("ready", None)
    assert set(made) == {("thumbnail", 0), ("headers", 0), ("enface", 0), *(("frame", n) for n in range(8))}
    assert original.about["medium"] == "volume"
    assert original.about["placed"] is True
    assert original.about["pixel_mm"] == [0.0039, 0.046875]
    slice_ = picture_of(engine, world.one, made["frame", 3])
    assert (slice_.format, slice_.size, slice_.mode) == ("JPEG", (128, 96), "L")
    above = picture_of(engine, world.one, made["enface", 0])
    assert above.size == (128, 8)
    small = picture_of(engine, world.one, made["thumbnail", 0])
    assert (small.format, max(small.size) <= 256) == ("WEBP", True)
    assert derive(engine, world.one) == 0


def test_a_slice_shows_what_the_file_holds(engine, world):
    from firmware_sim.eye_pictures import retina

    digest = kept(engine, world.one, volume(slices=4).data)
    derive(engine, world.one)
    _original, made = derived(engine, world.one, digest)
    shown = np.asarray(picture_of(engine, world.one, made["frame", 2])).astype(int)
    held = np.stack(list(retina.Macula(4, 96, 128, seed=4)))[2].astype(int)
    assert np.abs(shown - held).mean() < 4


def test_the_worker_begins_what_waited_longest_and_no_more_than_it_has_room_for(engine, world, monkeypatch):
    for seed in range(tasks.AT_ONCE + 1):
        kept(engine, world.one, photograph(days=seed).data, "image/jpeg")
    ours = [(world.one, one) for one in waiting(engine, world.one)]
    assert [one for one in queries.due(engine) if one[0] == world.one] == ours[: tasks.AT_ONCE]

    monkeypatch.setattr(queries, "due", lambda _engine: [(world.one, one) for one in waiting(engine, world.one)])
    worker = tasks.Deriver()
    assert worker.work(engine) is True
    assert len(worker._busy) == tasks.AT_ONCE
    assert worker.work(engine) is False
    while waiting(engine, world.one):
        worker.work(engine)
        time.sleep(0.05)
    worker.close()
    assert all(derived(engine, world.one, one)[0].state == "ready" for one in digests(engine, world.one))


def test_a_chain_with_much_to_do_holds_up_no_other(engine, world):
    for seed in range(4):
        kept(engine, world.one, photograph(days=seed).data, "image/jpeg")
    late = kept(engine, world.two, photograph().data, "image/jpeg")
    listed = [one for one in queries.due(engine) if one[0] in (world.one, world.two)]
    assert listed == [
        *((world.one, one) for one in waiting(engine, world.one)[: tasks.AT_ONCE]),
        *((world.two, one) for one in waiting(engine, world.two)),
    ]
    assert digests(engine, world.two) == [late]


def test_chains_take_turns_however_many_wait(monkeypatch):
    begun = []
    due = [(chain, 100 * chain + number) for chain in (1, 2, 3) for number in range(10)]
    monkeypatch.setattr(tasks, "_guarded", lambda _engine, *key: begun.append(key[:2]))
    monkeypatch.setattr(queries, "due", lambda _engine: [one for one in due if one not in begun])
    worker = tasks.Deriver()
    for _round in range(3):
        worker.work(None)
        for thread in worker._busy.values():
            thread.join()
    assert sorted(begun) == [(1, 100), (1, 101), (2, 200), (2, 201), (3, 300), (3, 301)]


def test_a_photograph_and_a_paper_are_pictures_too(engine, world):
    lamp, report = photograph(), paper()
    for one, medium in ((lamp, "picture"), (report, "pages")):
        digest = kept(engine, world.one, one.data, one.media_type)
        derive(engine, world.one)
        original, made = derived(engine, world.one, digest)
        assert (original.state, original.about["medium"]) == ("ready", medium)
        assert set(made) == {("thumbnail", 0), ("frame", 0)}


def test_what_cannot_be_read_says_why_and_stays(engine, world):
    whole = volume(slices=4).data
    for data, why in ((b"no picture at all", "no_reader"), (whole[: len(whole) // 2], "unreadable")):
        digest = kept(engine, world.one, data)
        derive(engine, world.one)
        original, _made = derived(engine, world.one, digest)
        assert (original.state, original.why) == ("failed", why)
        with unit_of_work(engine, world.one) as session:
            assert reading.read(session, digest) == data


def test_a_process_that_is_killed_takes_nothing_with_it(engine, world, monkeypatch, tmp_path):
    killed = tmp_path / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o700)
    monkeypatch.setattr(reserve.sys, "executable", str(killed))
    digest = kept(engine, world.one, volume(slices=4).data)
    derive(engine, world.one)
    original, made = derived(engine, world.one, digest)
    assert (original.state, original.why, made) == ("failed", "too_large", {})


def test_a_process_that_is_out_of_time_is_said_to_be(engine, world, monkeypatch, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nkill -XCPU $$\n")
    slow.chmod(0o700)
    monkeypatch.setattr(reserve.sys, "executable", str(slow))
    digest = kept(engine, world.one, volume(slices=4).data)
    derive(engine, world.one)
    assert derived(engine, world.one, digest)[0].why == "too_slow"


def test_a_process_that_a_file_has_turned_reads_nothing_of_ours(engine, world, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("of this machine")
    said = {"kind": "frame", "number": 0, "file": str(tmp_path / "secret"), "media_type": "image/jpeg"}
    turned = tmp_path / "turned"
    turned.write_text(f"#!/bin/sh\necho '{json.dumps({**said, 'width': 1, 'height': 1})}'\n")
    turned.chmod(0o700)
    monkeypatch.setattr(reserve.sys, "executable", str(turned))
    digest = kept(engine, world.one, volume(slices=4).data)
    with pytest.raises(FileNotFoundError):
        derive(engine, world.one)
    assert derived(engine, world.one, digest)[1] == {}
    assert (tmp_path / "secret").read_text() == "of this machine"


def test_bytes_that_are_gone_end_it_at_once(engine, world):
    with unit_of_work(engine, world.one) as session:
        services.ask(session, "ef" * 32)
    assert derive(engine, world.one) == 1
    assert derived(engine, world.one, "ef" * 32)[0].state == "failed"


def test_two_workers_never_derive_the_same_original(engine, world):
    digest = kept(engine, world.one, volume(slices=4).data)
    original, _made = derived(engine, world.one, digest)
    with unit_of_work(engine, world.one) as session:
        assert services.take(session, original.id) is not None
    assert tasks.derive(engine, world.one, original.id) is False
    assert derived(engine, world.one, digest)[1] == {}


def test_what_a_worker_dropped_three_times_is_given_up(engine, world, monkeypatch):
    digest = kept(engine, world.one, volume(slices=4).data)
    original, _made = derived(engine, world.one, digest)
    monkeypatch.setattr(queries, "LONGEST_WORK", -queries.LONGEST_WORK)
    for _time in range(services.MOST_ATTEMPTS):
        with unit_of_work(engine, world.one) as session:
            assert services.take(session, original.id) is not None
    with unit_of_work(engine, world.one) as session:
        assert services.take(session, original.id) is None
    assert derived(engine, world.one, digest)[0].state == "failed"


def test_deriving_again_replaces_what_was_there(engine, world):
    [reading_id] = bring(engine, world.pier, world.alice, world.grace, [volume(slices=4)])
    derive(engine, world.one)
    with unit_of_work(engine, world.one) as session:
        picture = queries.one(session, world.grace, reading_id)
        services.again(session, picture, by=world.alice.id)
    assert derive(engine, world.one) == 1
    with unit_of_work(engine, world.one) as session:
        frames = select(Rendition).where(Rendition.kind == Kind.FRAME.value)
        assert len(session.scalars(frames).all()) == 4
        assert queries.one(session, world.grace, reading_id).state == "ready"


def test_what_a_gateway_brings_is_due_with_it_and_what_we_derive_is_not(engine, world):
    bytes_ = photograph().data
    with unit_of_work(engine, world.one) as session:
        for digest, media_type in (("ab" * 32, "image/jpeg"), ("cd" * 32, "text/csv")):
            blobs.keep(session, digest, len(bytes_), media_type, "nowhere", world.pier.sender.gateway_id)
        blobs.put(session, bytes_, "image/jpeg")
        due = session.scalars(select(Original.sha256)).all()
    assert due == ["ab" * 32]


def test_what_an_older_rule_derived_is_derived_anew_and_stays_meanwhile(engine, world):
    digest = kept(engine, world.one, volume(slices=4).data)
    derive(engine, world.one)
    first, before = derived(engine, world.one, digest)
    older(engine, world.one, first.id)
    [listed] = queries.older(engine)
    assert listed == (world.one, first.id)

    with unit_of_work(engine, world.one) as session:
        services.take(session, first.id)  # somebody works on it
    meanwhile = derived(engine, world.one, digest)[1]
    assert {key: meanwhile[key].sha256 for key in before} == {key: one.sha256 for key, one in before.items()}
    older(engine, world.one, first.id)
    assert tasks.derive(engine, world.one, first.id) is True
    original, made = derived(engine, world.one, digest)
    assert (original.state, original.rule, set(made)) == ("ready", RULE, set(before))
    assert {one.id for one in made.values()}.isdisjoint(one.id for one in before.values())


def older(engine, tenant_id, original_id):
    """As if a rule older than all others had derived it, and had made one picture more."""
    with unit_of_work(engine, tenant_id) as session:
        original = queries.original(session, original_id)
        original.rule, original.state, original.attempts, original.taken_at = -1, "ready", 0, None
        told = {"kind": "frame", "number": 99, "media_type": "image/jpeg", "width": 1, "height": 1}
        services.keep(session, original_id, told, b"of another time")


def test_a_worker_with_nothing_else_to_do_derives_one_of_an_older_rule_at_a_time(engine, world, monkeypatch):
    ids = []
    for seed in (1, 2):
        digest = kept(engine, world.one, photograph(days=seed).data, "image/jpeg")
        derive(engine, world.one)
        ids.append(derived(engine, world.one, digest)[0].id)
        older(engine, world.one, ids[-1])
    monkeypatch.setattr(queries, "due", lambda _engine: [])
    worker = tasks.Deriver()
    assert worker.work(engine) is True
    assert list(worker._busy) == [(world.one, ids[0])]
    assert worker.work(engine) is False  # what arrives now finds room
    for thread in worker._busy.values():
        thread.join()
    assert worker.work(engine) is True
    for thread in worker._busy.values():
        thread.join()
    worker.close()
    with unit_of_work(engine, world.one) as session:
        rules = [queries.original(session, one).rule for one in ids]
    assert rules == [RULE, RULE]


def test_looking_at_a_picture_of_an_older_rule_makes_it_due(engine, world, sign_in):
    [reading_id] = bring(engine, world.pier, world.alice, world.grace, [volume(slices=4)])
    derive(engine, world.one)
    with unit_of_work(engine, world.one) as session:
        original = queries.one(session, world.grace, reading_id).original
        original.rule = 1
    page = sign_in(world.alice)
    assert page.get(f"/patients/{world.grace}/pictures/{reading_id}").status_code == 200
    assert waiting(engine, world.one) == [original.id]
    assert page.get(f"/patients/{world.grace}/pictures/{reading_id}/frame-3").status_code == 200


def test_a_picture_deeper_than_a_byte_keeps_every_shade(engine, world):
    digest = kept(engine, world.one, deep().data)
    derive(engine, world.one)
    original, made = derived(engine, world.one, digest)
    assert set(made) == {("thumbnail", 0), ("headers", 0), ("frame", 0), ("held", 0)}
    assert original.about["depth"] == {
        **{"bits": 12, "span": [0.0, 4095.0], "slope": 1.0, "beside": 0.0, "inverted": False},
        "windows": [["Macula", 400.0, 800.0], ["Everything", 0.0, 4096.0]],
    }
    assert (original.about["window"], original.about["window_from"]) == ([400.0, 800.0], "file")
    with unit_of_work(engine, world.one) as session:
        held = zlib.decompress(reading.read(session, made["held", 0].sha256))
    assert np.array_equal(np.frombuffer(held, "<u2").reshape(96, 128), ramp())
    shown = np.asarray(picture_of(engine, world.one, made["frame", 0])).astype(int)
    prepared = np.clip((ramp().astype(float) - 400) * 255 / 400, 0, 255)
    assert np.abs(shown - prepared).mean() < 3


def test_lossless_jpeg_is_put_right_by_dcmtk(engine, world, tmp_path):
    taken = volume(slices=3)
    plain, packed = tmp_path / "plain.dcm", tmp_path / "packed.dcm"
    plain.write_bytes(taken.data)
    subprocess.run(["dcmcjpeg", "+e1", str(plain), str(packed)], check=True)
    assert pydicom.dcmread(packed).file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.70"
    digest = kept(engine, world.one, packed.read_bytes())
    derive(engine, world.one)
    original, made = derived(engine, world.one, digest)
    assert (original.state, original.about["frames"]) == ("ready", 3)
    shown = np.asarray(picture_of(engine, world.one, made["frame", 1])).astype(int)
    assert np.abs(shown - pydicom.dcmread(plain).pixel_array[1].astype(int)).mean() < 4


def test_a_volume_knows_where_its_slices_lie(engine, world):
    digest = kept(engine, world.one, volume(slices=4, span=3.0).data)
    derive(engine, world.one)
    about = derived(engine, world.one, digest)[0].about
    assert (about["positions"], about["reference"]) == ([0.0, 0.75, 1.5, 2.25], None)
