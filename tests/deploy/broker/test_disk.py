"""What reaches the disk, and what need not."""

import asyncio

import mqtt5
import pytest
from mqtt5 import PublishPacket, QoS

import deploy.broker.disk
from deploy.broker.disk import Disk, Unreadable
from deploy.broker.messages import Delivery, Message


@pytest.fixture
async def disk(tmp_path):
    disk = Disk.open(tmp_path, asyncio.get_running_loop())
    yield disk
    await disk.stop()


def delivery(seq, payload=b"x"):
    packet = PublishPacket("t", payload, qos=QoS(1), packet_id=1)
    return Delivery(Message.of(packet, "t", 0.0), 1, retain=False, identifiers=(), seq=seq)


def waiting(disk):
    return [seq for seq, *_ in disk.saved_deliveries(1)]


async def safe(disk):
    future = asyncio.get_running_loop().create_future()
    disk.when_safe(future.set_result)
    return await future


async def test_what_is_acknowledged_before_it_was_written_is_never_written(disk):
    disk.keep(1, delivery(1))
    disk.keep(1, delivery(2))
    disk.forget(1, 1)

    assert await safe(disk) and waiting(disk) == [2]


async def test_many_wait_for_one_commit(disk, monkeypatch):
    commits = []
    real = deploy.broker.disk.commit
    monkeypatch.setattr(deploy.broker.disk, "commit", lambda database: (commits.append(1), real(database)))
    answers = []
    for seq in range(1, 101):
        disk.keep(1, delivery(seq))
        disk.when_safe(answers.append)
    await safe(disk)

    assert answers == [True] * 100 and len(commits) == 1


async def test_answers_keep_their_order(disk):
    order = []
    disk.keep(1, delivery(1))
    disk.when_safe(lambda ok: order.append("first"))
    await asyncio.sleep(0)
    disk.when_safe(lambda ok: order.append("second"))
    await safe(disk)

    assert order == ["first", "second"]


async def test_nothing_to_write_is_safe_at_once(disk):
    answers = []
    disk.when_safe(answers.append)

    assert answers == [True]


async def test_a_batch_that_failed_is_written_later_with_what_came_since(disk, monkeypatch):
    real = deploy.broker.disk.commit
    monkeypatch.setattr(deploy.broker.disk, "commit", lambda database: database.execute("nonsense"))
    monkeypatch.setattr(deploy.broker.disk, "_RETRY", 0.01)
    disk.keep(1, delivery(1))
    disk.keep(1, delivery(2))
    assert not await safe(disk)
    disk.forget(1, 1)
    disk.keep(1, delivery(3))
    monkeypatch.setattr(deploy.broker.disk, "commit", real)
    await asyncio.sleep(0.05)

    assert await safe(disk) and waiting(disk) == [2, 3] and not disk.failing


async def test_a_message_survives_with_its_properties(disk):
    packet = PublishPacket("t", b"\xff", qos=QoS(1), packet_id=7, user_properties=[("k", "v")], topic_alias=3)
    disk.keep(1, Delivery(Message.of(packet, "t", 0.0), 1, retain=True, identifiers=(4, 5), group="$share/g/t", seq=9))
    await safe(disk)
    [(seq, data, left, share)] = disk.saved_deliveries(1)
    saved, _ = mqtt5.read(memoryview(data))

    assert (seq, left, share) == (9, None, "$share/g/t")
    assert (saved.topic, saved.payload, saved.retain, saved.subscription_ids) == ("t", b"\xff", True, [4, 5])
    assert saved.user_properties == [("k", "v")] and saved.topic_alias is None


async def test_a_file_of_another_version_is_left_alone(tmp_path):
    disk = Disk.open(tmp_path, asyncio.get_running_loop())
    disk._database.execute("PRAGMA user_version = 99")
    await disk.stop()

    with pytest.raises(Unreadable, match="another version"):
        Disk.open(tmp_path, asyncio.get_running_loop())
