"""From an empty folder and a claim to papers in force, by way of every accident."""

import os
import shutil
import socket
import sqlite3
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography import x509

from edge.command import main
from edge.identity import asking, drafts, papers
from edge.identity.enrolling import enrol, epoch
from edge.identity.papers import Papers
from edge.identity.refusals import EnrolmentRefused
from tests.edge.identity.fakes import DAY, Cloud, Root


def silent(_):
    raise AssertionError("nobody was to be told anything")


def refusal(wish):
    with pytest.raises(EnrolmentRefused) as refused:
        enrol(wish, silent)
    return str(refused.value)


def left_behind(data):
    return sorted(path.name for path in (data / "identities").iterdir() if "." in path.name)


@pytest.mark.edge(
    "EDGE-120", "A claim makes an empty folder a gateway: key, certificate, roots and place, in one step."
)
def test_a_claim_makes_an_empty_folder_a_gateway(cloud, data, wish):
    enrolled = enrol(wish(), silent)

    identity = Papers(data).current()
    assert identity == enrolled.identity
    assert (str(identity.address), identity.broker, identity.cloud) == (cloud.address, cloud.broker, cloud.url)
    assert sorted(path.name for path in (data / "identity").iterdir()) == [
        "certificate.pem",
        "identity.json",
        "key.pem",
        "roots.pem",
    ]
    assert (data / "identity" / "roots.pem").read_text() == cloud.root.pem
    assert left_behind(data) == []
    ssl.create_default_context().load_cert_chain(data / "identity" / "certificate.pem", data / "identity" / "key.pem")


@pytest.mark.edge("EDGE-121", "The private key is made on the gateway, only its user may read it, and it never leaves.")
def test_the_key_stays_here_and_is_nobody_elses(cloud, data, wish):
    enrol(wish(), silent)

    key = (data / "identity" / "key.pem").resolve()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    body = "".join(line for line in key.read_text().splitlines() if "-----" not in line)
    assert body[:60] not in str(cloud.asked)
    assert "PRIVATE" not in str(cloud.asked)


def test_the_cloud_learns_what_asks(cloud, wish):
    enrol(wish(), silent)

    [(path, question)] = cloud.asked
    assert path == "/gateways/v1/enrol"
    assert question["software"].startswith("emmetra ")
    assert question["serial"] and question["hardware"]
    assert x509.load_pem_x509_csr(question["csr"].encode()).is_signature_valid


@pytest.mark.edge(
    "EDGE-122", "After an answer that was lost the same key asks the same, and gets the same certificate."
)
def test_a_lost_answer_is_asked_for_again_with_the_same_key(cloud, data, wish):
    cloud.lose_answers = 1
    said = refusal(wish())
    first = cloud.asked[0][1]["csr"]
    enrolled = enrol(wish(), silent)

    assert "run the same command again" in said
    assert cloud.asked[1][1]["csr"] == first
    assert len(cloud.issued) == 1
    assert Papers(data).current() == enrolled.identity


class PowerCut(BaseException):
    """The plug was pulled."""


STEPS = ["write", "settle", "point", "rename", "drop"]


def cut_at(monkeypatch, step):
    """Whatever reaches the disk for the step-th time does not."""
    left = [step]

    def cutting(done):
        def instead(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                raise PowerCut
            return done(*args, **kwargs)

        return instead

    for module, name in ((os, "fsync"), (os, "rename"), (os, "symlink")):
        monkeypatch.setattr(module, name, cutting(getattr(module, name)))
    return left


@pytest.mark.edge(
    "EDGE-123", "A power cut at any step of an enrolment is mended by the same command, with the same key."
)
def test_a_power_cut_at_any_step_is_mended_by_the_same_command(cloud, data, wish):
    steps = 0
    for step in range(1, 100):
        shutil.rmtree(data, ignore_errors=True)
        cloud.asked.clear()
        cloud.issued.clear()
        with pytest.MonkeyPatch.context() as patch:
            left = cut_at(patch, step)
            try:
                enrol(wish(), silent)
            except PowerCut:
                steps += 1
        if left[0] > 0:
            break
        enrolled = enrol(wish(), silent)
        assert Papers(data).current() == enrolled.identity
        assert len(cloud.issued) == 1, f"cut at {step}"
        assert left_behind(data) == []
    assert steps > 15


def test_the_same_claim_again_changes_nothing(cloud, data, wish):
    first = enrol(wish(), silent).identity
    again = enrol(wish(), silent).identity

    assert again == first
    assert len(cloud.issued) == 1


@pytest.mark.edge("EDGE-124", "Where a second person approves, the box shows the code they compare, and waits.")
def test_a_second_person_is_waited_for_with_the_code_shown(cloud, wish):
    waiting = {"answer": "waiting", "code": "4F7-K2Q", "ask_again_s": 5}
    cloud.script = [(202, waiting), (202, waiting)]
    said, waited = [], []
    enrolled = enrol(wish(), said.append, waited.append)

    assert waited == [5, 5]
    assert len(said) == 1 and "4F7-K2Q" in said[0]
    assert len({question["csr"] for _, question in cloud.asked}) == 1
    assert str(enrolled.identity.address) == cloud.address


@pytest.mark.parametrize(
    "why", ["This claim expired on Friday. Ask for a new one.", "Another box used this claim. Ask for a new one."]
)
def test_a_refusal_is_told_in_the_clouds_words_and_leaves_nothing_in_force(cloud, data, wish, why):
    cloud.script = [(410, {"answer": "refused", "why": why})]

    assert refusal(wish()) == why
    assert Papers(data).current() is None


def test_a_wrong_claim(cloud, data, wish):
    assert "no such claim" in refusal(wish(claim="wrong-claim"))
    assert Papers(data).current() is None


@pytest.mark.edge("EDGE-125", "A cloud that another root stands behind is told nothing: the root is known beforehand.")
def test_a_cloud_of_another_root_is_told_nothing(cloud, tmp_path, wish):
    other = tmp_path / "other.pem"
    other.write_text(Root("other").pem)

    assert "cannot prove that it is your cloud" in refusal(wish(root=other))
    assert cloud.asked == []


def test_without_a_root_nobody_is_asked(cloud, tmp_path, wish):
    assert "--root-sha256" in refusal(wish(root=tmp_path / "none.pem"))
    assert cloud.asked == []


@pytest.mark.parametrize("shape", [str.upper, lambda h: ":".join(h[at : at + 2] for at in range(0, 64, 2))])
def test_the_fingerprint_on_the_claim_is_enough(cloud, wish, shape):
    enrolled = enrol(wish(root=None, root_sha256=shape(cloud.root.fingerprint)), silent)

    assert str(enrolled.identity.address) == cloud.address


def test_a_fingerprint_of_another_root_ends_it(cloud, wish):
    assert "fingerprint" in refusal(wish(root=None, root_sha256=Root("other").fingerprint))
    assert cloud.asked == []


def test_a_false_cloud_that_shows_the_true_root_is_told_nothing(cloud, tmp_path, wish):
    """It knows the bundle, which is public, but has no certificate below it."""
    folder = tmp_path / "false"
    folder.mkdir()
    false = Cloud(folder, root=Root("false"))
    false.roots = cloud.root.pem
    try:
        said = refusal(wish(cloud=false.url, root=None, root_sha256=cloud.root.fingerprint))
        assert "cannot prove" in said
        assert false.asked == []
    finally:
        false.close()


@pytest.mark.parametrize(("begin", "life"), [(-3 * DAY, -DAY), (DAY, 3 * DAY)], ids=["too late", "too early"])
@pytest.mark.edge("EDGE-126", "A wrong clock is told as a wrong clock, with the time the box believes in.")
def test_a_wrong_clock_is_told_as_one(tmp_path, wish, begin, life):
    root = Root()
    folder = tmp_path / "old"
    folder.mkdir()
    cloud = Cloud(folder, root=root, tls=root.server(folder, life=life, begin=begin))
    pinned = folder / "root.pem"
    pinned.write_text(root.pem)
    try:
        said = refusal(wish(cloud=cloud.url, root=pinned))
        assert "By the clock of this box" in said and "timedatectl" in said
    finally:
        cloud.close()


def test_a_certificate_for_another_name(tmp_path, wish):
    root = Root()
    cloud = Cloud(tmp_path, root=root, tls=root.server(tmp_path, "elsewhere.example"))
    pinned = tmp_path / "pinned.pem"
    pinned.write_text(root.pem)
    try:
        assert "for another name" in refusal(wish(cloud=cloud.url, root=pinned))
    finally:
        cloud.close()


def test_no_network(wish):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "Nothing listens" in refusal(wish(cloud=f"https://127.0.0.1:{port}"))
    assert "is not known here" in str(asking.explain(socket.gaierror(), "cloud.example"))
    assert "does not answer" in str(asking.explain(TimeoutError(), "cloud.example"))


@pytest.mark.parametrize("cloud_", ["http://127.0.0.1", "cloud.example", "ftp://x"])
def test_only_https_is_spoken(wish, cloud_):
    assert "https://" in refusal(wish(cloud=cloud_))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ((502, b"<html>"), "answered with 502"),
        ((429, b"slow down"), "too often"),
        ((200, b"<html>"), "not as an Emmetra cloud"),
        ((302, b""), "answered with 302"),
        ((200, {"answer": "issued"}), "not as an Emmetra cloud"),
    ],
)
def test_what_is_no_answer(cloud, data, wish, said, told):
    cloud.script = [said]

    assert told in refusal(wish())
    assert Papers(data).current() is None


@pytest.mark.edge("EDGE-127", "A certificate for another key, another name or below no sent root is not put in force.")
@pytest.mark.parametrize(
    ("bend", "told"),
    [
        (lambda cloud, said: said | {"address": "demo/main/gw-2"}, "another name"),
        (lambda cloud, said: said | {"roots": Root("other").pem}, "No root"),
        (
            lambda cloud, said: (
                said
                | {
                    "certificate": said["certificate"].split("-----END CERTIFICATE-----\n")[0]
                    + "-----END CERTIFICATE-----\n"
                }
            ),
            "No root",
        ),
        (lambda cloud, said: said | {"certificate": cloud.issued_elsewhere}, "another key"),
        (lambda cloud, said: said | {"certificate": "no pem"}, "cannot be used"),
        (lambda cloud, said: said | {"address": "nonsense"}, "cannot be used"),
    ],
)
def test_an_answer_that_does_not_fit_is_not_put_in_force(cloud, data, wish, bend, told):
    other = Root()
    cloud.issued_elsewhere = other.pem
    honest = cloud._issue
    cloud._issue = lambda public: bend(cloud, honest(public))

    assert told in refusal(wish())
    assert Papers(data).current() is None


@pytest.mark.edge(
    "EDGE-128", "A box that is enrolled again keeps its outbox, and tells the epoch of the rows that wait."
)
def test_enrolling_again_keeps_what_waits_and_tells_its_epoch(cloud, data, wish):
    data.mkdir()
    with sqlite3.connect(data / "outbox.db") as outbox:
        outbox.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value)")
        outbox.execute("INSERT INTO meta VALUES ('epoch', 6072843512908153311)")
    outbox.close()
    before = (data / "outbox.db").read_bytes()
    enrol(wish(), silent)

    assert cloud.asked[0][1]["epoch"] == 6072843512908153311
    assert (data / "outbox.db").read_bytes() == before
    (data / "outbox.db").write_bytes(b"not a database")
    assert epoch(data) is None


def test_a_new_claim_makes_a_new_key_and_takes_the_place_of_all_before(cloud, data, wish):
    first = enrol(wish(), silent).identity
    Papers(data).propose(first)
    cloud.CLAIM, cloud.address = "ANOTHER-CLAIM", "demo/main/gw-2"
    second = enrol(wish(claim="ANOTHER-CLAIM"), silent).identity

    found = Papers(data)
    assert found.current() == second and second.folder != first.folder
    assert (found.trial(), found.before()) == (None, None)
    assert not first.folder.exists()


def run(capsys, *words):
    code = main(list(words))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.edge("EDGE-129", "The command writes the first configuration if there is none, and never over one.")
def test_the_command_writes_the_first_configuration_once(cloud, data, tmp_path, capsys):
    root, config = tmp_path / "root.pem", tmp_path / "etc" / "gateway.toml"
    root.write_text(cloud.root.pem)
    cloud.config = {
        "instruments": [
            {
                "name": "lm",
                "family": "nidek_frame",
                "url": "socket://10.0.0.5:4001",
                "model": "LM-600P",
                "settings": {"baud": 9600},
            }
        ],
        "raw_days": 3,
    }
    words = ["enrol", "--cloud", cloud.url, "--claim", cloud.CLAIM, "--root", str(root), "--data", str(data)]
    code, out, err = run(capsys, *words, "--config", str(config))
    assert (code, err) == (0, "")
    assert cloud.address in out and str(config) in out

    from edge.config import load

    found = load(config)
    assert str(found.address) == cloud.address
    assert (found.broker.url, found.broker.enrolled) == (cloud.broker, True)
    assert found.broker.key == data / "identity" / "key.pem"
    assert [one.name for one in found.instruments] == ["lm"]
    assert found.raw_days == 3
    config.write_text(config.read_text() + "# mine\n")
    code, out, _ = run(capsys, *words, "--config", str(config))
    assert (code, config.read_text().endswith("# mine\n")) == (0, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_what_root_enrols_is_the_gateways_own(cloud, capsys):
    with TemporaryDirectory(prefix="emmetra-") as name:
        folder, stranger = Path(name), 65_534
        folder.chmod(0o755)
        data, root = folder / "data", folder / "root.pem"
        data.mkdir()
        os.chown(data, stranger, stranger)
        root.write_text(cloud.root.pem)
        words = ["enrol", "--cloud", cloud.url, "--claim", cloud.CLAIM, "--root", str(root), "--data", str(data)]
        code, _, err = run(capsys, *words, "--config", str(folder / "gateway.toml"))
        owners = {path.lstat().st_uid for path in data.rglob("*")}

        assert (code, err) == (0, "")
        assert owners == {stranger}
        assert (folder / "gateway.toml").stat().st_uid == os.geteuid() == 0


def test_the_command_says_why_not(cloud, data, tmp_path, capsys):
    words = ["enrol", "--cloud", cloud.url, "--claim", "wrong-claim", "--root-sha256", cloud.root.fingerprint]
    code, out, err = run(capsys, *words, "--data", str(data), "--config", str(tmp_path / "gateway.toml"))

    assert (code, out) == (1, "")
    assert err == "There is no such claim. Look at the paper again.\n"
    assert not (tmp_path / "gateway.toml").exists()
    assert drafts.NOTE == "asked.json" and papers.NAME == "identity"
