"""What is taken in and what is not: signature, digest, version, platform."""

import io
import tarfile
import threading

import pytest

from deploy.release import signing
from edge.updates import proving
from edge.updates.refusals import NotNow, UpdateRefused
from protocols.envelope import encode
from protocols.envelope.release import MANIFEST, SIGNATURE, Archive, Manifest, order
from tests.edge.updates.releases_here import PYTHON, Maker, digest, release


def advance(box, running="1.0"):
    """Steps until one is refused or the release is unpacked; the steps in their order."""
    work, seen = box.steps(running), []
    while work.at() in ("wanted", "fetched", "proved"):
        seen.append(work.advance())
    return seen


def test_a_signed_release_goes_through_every_step(maker, box):
    assert box.want(maker.release("2.0")) is True
    assert advance(box) == ["fetched", "proved", "unpacked"]
    assert box.slots.release("B")["version"] == "2.0"
    assert box.steps().at() == "unpacked"
    box.steps().begin_trial({"connected": True, "opened": ["lm-1"]})
    assert box.slots.state()["trial"]["before"] == {"connected": True, "opened": ["lm-1"]}
    box.steps("2.0").commit()
    assert (box.slots.state()["active"], box.steps("2.0").at()) == ("B", "idle")


def test_what_runs_already_is_not_begun(maker, box):
    made = maker.release("2.0")
    box.want(made)
    advance(box)
    box.steps().begin_trial({})
    box.steps("2.0").commit()
    assert box.want(made, running="2.0") is False
    assert box.steps("2.0").at() == "idle"


def test_what_is_on_trial_is_not_begun_again(maker, box):
    made = maker.release("2.0")
    box.want(made)
    advance(box)
    box.steps().begin_trial({})
    assert box.want(made, running="2.0") is True
    assert box.slots.state()["update"] is None


def test_another_wish_during_a_step_has_its_own_steps_before_it(maker, box, monkeypatch):
    two, three = maker.release("2.0"), maker.release("3.0")
    box.want(two)
    work = box.steps()
    check = work._check
    work.advance()
    monkeypatch.setattr(work, "_check", lambda: (box.want(three), check())[1])
    with pytest.raises(UpdateRefused):
        work.advance()
    assert work.at() == "wanted"
    assert box.slots.state()["update"]["version"] == "3.0"


def test_orders_and_steps_in_two_threads_lose_nothing(maker, box):
    made = maker.release("2.0")

    def order():
        for _ in range(200):
            box.want(made)

    thread = threading.Thread(target=order)
    thread.start()
    for n in range(200):
        box.slots.keep(untold=[{"id": n}])
    thread.join()
    assert box.slots.state()["untold"] == [{"id": 199}]
    assert box.steps().at() == "wanted"


def test_another_wish_during_a_trial_outlives_it(maker, box):
    box.want(maker.release("2.0"))
    advance(box)
    box.steps().begin_trial({})
    box.want(maker.release("3.0"), running="2.0")
    box.steps("2.0").go_back("cold feet")
    assert box.steps().at() == "wanted"
    assert box.slots.state()["update"]["version"] == "3.0"


@pytest.mark.edge(
    "EDGE-182", "Only a release signed with a key of the image is unpacked; two keys may be valid at once."
)
def test_a_foreign_signature_is_refused_and_a_second_key_is_honoured(maker, box, tmp_path):
    (tmp_path / "stranger").mkdir()
    stranger = Maker(tmp_path / "stranger")
    made = stranger.release("2.0")
    box.want(made)
    with pytest.raises(UpdateRefused, match="not signed by a key this gateway knows"):
        advance(box)
    assert box.slots.release("B") == {}

    for key in stranger.keys.glob("*.pem"):
        key.rename(box.home / "keys" / f"second-{key.name}")
    assert advance(box) == ["fetched", "proved", "unpacked"]


def test_the_signature_is_asked_of_a_process_of_its_own(maker, box):
    made = maker.release("2.0")
    proving.prove(made / MANIFEST, made / SIGNATURE, maker.keys)
    (made / SIGNATURE).write_bytes(bytes(64))
    with pytest.raises(UpdateRefused, match="not signed") as refusal:
        proving.prove(made / MANIFEST, made / SIGNATURE, maker.keys)
    assert str(refusal.value) == "The release is not signed by a key this gateway knows."


def test_one_bit_of_the_manifest_undoes_the_signature(maker, box):
    made = maker.release("2.0")
    (made / MANIFEST).write_bytes((made / MANIFEST).read_bytes().replace(b'"2.0"', b'"2.1"'))
    with pytest.raises(UpdateRefused, match="not signed") as refusal:
        signing.verify(made, maker.keys)
    assert "keys" in str(refusal.value)


@pytest.mark.edge(
    "EDGE-183", "An older release runs only where going back was ordered, a newer one only after what it may follow."
)
def test_versions(maker, box):
    old = maker.release("0.9")
    with pytest.raises(UpdateRefused, match=r"older than 1\.0"):
        box.want(old)
    assert box.want(old, back=True) is True
    assert advance(box)[-1] == "unpacked"

    box.want(maker.release("3.0", after="2.0"))
    with pytest.raises(UpdateRefused, match=r"follows 2.0 or newer, and here runs 1.0"):
        advance(box)


@pytest.mark.parametrize(
    ("about", "why"),
    [({"platform": "linux-x86_64"}, "is made for linux-x86_64"), ({"python": "3.9"}, "with Python 3.9; this gateway")],
)
def test_another_platform_or_python_is_refused(maker, box, about, why):
    box.want(maker.release("2.0", **about))
    with pytest.raises(UpdateRefused, match=why) as refusal:
        advance(box)
    assert PYTHON in str(refusal.value)


def test_an_archive_that_is_not_the_signed_one_never_reaches_a_slot(maker, box):
    made = maker.release("2.0")
    packed = next(made.glob("*.tar.gz"))
    packed.write_bytes(packed.read_bytes()[:-1] + b"?")
    box.want(made)
    with pytest.raises(NotNow, match="damaged"):
        advance(box)
    assert (box.steps().at(), box.slots.release("B")) == ("wanted", {})


def test_what_rots_on_the_disk_after_fetching_is_fetched_anew(maker, box):
    made = maker.release("2.0")
    box.want(made)
    box.steps().advance()
    fetched = next(box.slots.incoming.glob("*.tar.gz"))
    fetched.write_bytes(b"?" + fetched.read_bytes()[1:])
    with pytest.raises(NotNow, match="damaged"):
        advance(box)
    assert advance(box)[-1] == "unpacked"


@pytest.mark.edge(
    "EDGE-184", "Every file of a slot is read again and compared with the signed list before it may start."
)
def test_a_file_that_differs_from_the_signed_list_stops_the_slot(maker, box):
    box.want(maker.release("2.0"))
    advance(box)
    about = box.slots.release("B")
    (box.slots.root / "B" / "deploy" / "__main__.py").write_text("import evil")
    with pytest.raises(NotNow, match=r"deploy/__main__.py was not written as it was signed"):
        box.slots.prove("B", about["files_sha256"])
    (box.slots.root / "B" / "FILES").write_text("")
    with pytest.raises(UpdateRefused, match="not the one that was signed"):
        box.slots.prove("B", about["files_sha256"])


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "deploy/../../outside", "a//b", "."])
def test_no_name_in_an_archive_leads_out_of_the_slot(box, tmp_path, name):
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        member = tarfile.TarInfo(name)
        member.size = 4
        packed.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(UpdateRefused, match="what no release holds"):
        box.slots.unpack(path, "B", {"files_sha256": ""})
    assert list((box.slots.root / "B").iterdir()) == []


def test_a_link_in_an_archive_is_refused(box, tmp_path):
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        member = tarfile.TarInfo("deploy")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        packed.addfile(member)
    with pytest.raises(UpdateRefused, match="what no release holds") as refusal:
        box.slots.unpack(path, "B", {"files_sha256": ""})
    assert "deploy" in str(refusal.value)


def test_the_slot_that_runs_is_never_emptied(box):
    with pytest.raises(UpdateRefused, match="Slot A runs"):
        box.slots.empty("A")
    assert box.slots.release("A")["version"] == "1.0"


@pytest.mark.edge(
    "EDGE-185", "A release that went back is not tried again by itself; the reason is kept, and a person may lift it."
)
def test_what_went_back_is_remembered(maker, box):
    made = maker.release("2.0")
    box.want(made)
    advance(box)
    box.steps().begin_trial({})
    box.steps("2.0").go_back("the driver of lm-1 does not open")
    with pytest.raises(UpdateRefused, match="was tried here already: the driver of lm-1 does not open"):
        box.want(made)
    box.steps().again(digest(made))
    assert box.want(made) is True


@pytest.mark.edge("EDGE-186", "Going back to the release before needs no download.")
def test_going_back_takes_what_lies_in_the_other_slot(maker, box, tmp_path):
    one, two = maker.folder / "1.0", maker.release("2.0")
    box.want(two)
    advance(box)
    box.steps().begin_trial({})
    box.steps("2.0").commit()

    next(one.glob("*.tar.gz")).unlink()
    assert box.want(one, running="2.0", back=True) is True
    assert advance(box, "2.0") == ["unpacked"]
    box.steps("2.0").begin_trial({})
    assert box.slots.state()["trial"]["slot"] == "A"


def test_a_manifest_may_not_say_another_version_than_was_ordered(maker, box):
    made = maker.release("2.0")
    box.steps().want(version="2.1", manifest_sha256=digest(made), where=str(made))
    with pytest.raises(UpdateRefused, match=r"it is 2\.0, and 2\.1 was ordered") as refusal:
        advance(box)
    assert "The release says" in str(refusal.value)


def test_versions_are_compared_as_people_mean_them():
    told = ["0.9", "0.10rc1", "0.10", "0.10+build.7", "1.0.0", "1.0.1", "2"]
    assert sorted(sorted(told), key=order) == told
    assert order("1.0") == order("1.0.0")
    assert order("unknown") < order("0.1")


def test_an_unsigned_release_is_not_verified(tmp_path, maker):
    made = release(tmp_path, "2.0")
    with pytest.raises(UpdateRefused, match="not whole") as refusal:
        signing.verify(made, maker.keys)
    assert SIGNATURE in str(refusal.value)


def test_a_newer_manifest_that_cannot_be_read_is_refused():
    text = encode(Manifest(v=1, version="2.0", made_at="", archives=[])).replace(b'"v":1', b'"v":2')
    with pytest.raises(UpdateRefused, match="cannot be read by this gateway") as refusal:
        proving.read(text)
    assert "2" in str(refusal.value)
    assert Archive.__struct_fields__[0] == "platform"
