"""A document is kept only when it was proven; whatever comes, there is always a way back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.shadow import memory as steps
from edge.shadow.cabinet import Cabinet
from edge.shadow.memory import Memory
from edge.shadow.stories import sentence, story
from protocols.envelope.desired import Broker, Desired, Wanted


def desired(version, **doc):
    return Desired(v=1, version=version, at="2026-11-22T10:00:00Z", doc=Wanted(**doc))


def told(memory):
    known = story(memory.trial, 120, "mqtt://nowhere:1", False, "Nothing listens at nowhere:1.")
    return sentence(known), known


deeds = st.lists(st.sampled_from(["try", "prove", "undo", "refuse", "restart", "age"]), max_size=30)


@given(deeds)
def test_what_is_in_force_after_a_trial_was_proven_or_is_what_was_in_force_before(sequence):
    memory, version, good = Memory(), 0, []
    for deed in sequence:
        if deed == "try" and memory.trial is None:
            version += 1
            memory = steps.tried(memory, desired(version, raw_days=version % 90))
        elif deed == "prove":
            good = [memory.trial.desired.version, *good] if memory.trial else good
            memory = steps.proven(memory)
        elif deed == "undo" and memory.trial:
            memory = steps.undone(memory, *told(memory))
        elif deed == "refuse":
            version += 1
            memory = steps.refused(memory, version, {"broker": "no"})
        elif deed == "restart":
            memory = steps.restarted(memory)
        elif deed == "age":
            memory = steps.aged(memory, 10.0)
        assert [one.version for one in memory.good] == good[: steps.KEPT]
        assert memory.asked == version
        if memory.trial is None:
            assert (memory.in_force.version if memory.in_force else None) == (good[0] if good else None)
        assert msgspec.json.decode(msgspec.json.encode(memory), type=Memory) == memory


def test_a_reverted_document_says_which_of_its_keys_stand_and_which_were_taken_back():
    memory = steps.proven(steps.tried(Memory(), desired(1, raw_days=7)))
    memory = steps.tried(memory, desired(2, raw_days=7, broker=Broker(url="mqtt://nowhere:1")))

    memory = steps.undone(memory, *told(memory))

    assert {key: fate.state for key, fate in memory.keys.items()} == {"raw_days": "applied", "broker": "reverted"}
    assert memory.wanted == Wanted(raw_days=7)
    assert memory.why == (
        "Configuration 2 was taken back: it was tried for 120 s without the cloud. "
        "The broker mqtt://nowhere:1 was not reached: Nothing listens at nowhere:1."
    )


def test_a_document_that_brings_the_program_down_tells_how_often():
    memory = steps.tried(Memory(), desired(1, raw_days=7))
    for _ in range(4):
        memory = steps.restarted(memory)
    assert told(memory)[0].startswith("Configuration 1 was taken back: the gateway started 4 times under it.")


def test_of_a_refused_document_every_changed_key_says_why_nothing_of_it_was_done():
    memory = steps.proven(steps.tried(Memory(), desired(1, raw_days=7)))
    doc = Wanted(raw_days=9, language="zh", broker=Broker(url="mqtt://h:99999"))
    memory = steps.refused(memory, 2, {"broker": "no port."}, doc)
    assert {key: fate.state for key, fate in memory.keys.items()} == {
        **{"raw_days": "pending", "language": "pending"},
        "broker": "rejected",
    }
    assert (memory.state, memory.wanted) == ("rejected", Wanted(raw_days=7))


def test_the_cabinet_gives_back_what_was_kept(tmp_path):
    memory = steps.tried(Memory(), desired(3, language="zh"))
    Cabinet(tmp_path).keep(memory)
    assert Cabinet(tmp_path).load() == memory


@pytest.mark.parametrize("content", [b"", b"{", b'{"asked": "many"}', b"\x00" * 512])
def test_a_damaged_memory_is_put_aside_and_the_own_file_decides(tmp_path, content):
    (tmp_path / "shadow.json").write_bytes(content)
    assert Cabinet(tmp_path).load() == Memory()
    assert (tmp_path / "shadow.damaged").read_bytes() == content


def test_a_write_that_was_cut_short_leaves_the_memory_before_it(tmp_path):
    memory = steps.tried(Memory(), desired(3, language="zh"))
    Cabinet(tmp_path).keep(memory)
    (tmp_path / "shadow.new").write_bytes(b'{"asked": 4, "go')
    assert Cabinet(tmp_path).load() == memory
