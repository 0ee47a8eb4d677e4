"""The authority's folder: roots, their roll-over, what is signed, and the commands that do it."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography import x509

from cloud import command
from cloud.enrolment import authority, certificates
from cloud.enrolment.authority import Authority, NotNow
from cloud.enrolment.certificates import Revoked
from cloud.enrolment.errors import NoAuthority
from cloud.kernel.clock import now

SERVER, CLIENT = "sslserver", "sslclient"


def verified(folder, chain, purpose, *more) -> bool:
    """What openssl says of a chain against the bundle."""
    path = folder / "chain.pem"
    path.write_text(chain)
    words = ["verify", "-purpose", purpose, "-CAfile", folder / "roots.pem", "-untrusted", path, *more, path]
    return subprocess.run(["openssl", *words], capture_output=True, check=False).returncode == 0


def client(there: Authority) -> str:
    return there.client("acme/pier/gw-1", certificates.new_key().public_key(), now(), 90)[1]


def test_what_is_signed_is_what_openssl_takes_it_for(signing):
    server = signing.server(["broker.example", "10.0.0.1"], certificates.new_key().public_key(), now())
    ours = client(signing)
    takes = [verified(signing.folder, chain, way) for chain, way in ((server, SERVER), (ours, CLIENT))]
    cross = [verified(signing.folder, chain, way) for chain, way in ((server, CLIENT), (ours, SERVER))]
    assert (takes, cross) == ([True, True], [False, False])
    names = certificates.read(server).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in names] == ["broker.example", "10.0.0.1"]


def test_keys_are_the_owners_alone(signing):
    keys = list(signing.folder.rglob("*.key"))
    assert {key.name: key.stat().st_mode & 0o777 for key in keys} == {"root.key": 0o600, "issuing.key": 0o600}
    assert signing.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.edge("EDGE-116", "A roll-over is a bundle of two roots: what either signed is good until one is retired.")
def test_a_roll_over_is_a_bundle_of_two(signing):
    folder, before = signing.folder, client(signing)
    both = authority.add_root(folder, now())
    assert (len(x509.load_pem_x509_certificates(both.roots.encode())), both.signer.name) == (2, signing.signer.name)
    used = authority.use_root(folder, "2", now())
    after = client(used)
    assert [verified(folder, chain, CLIENT) for chain in (before, after)] == [True, True]

    with pytest.raises(NotNow, match="may be in use until"):
        authority.retire_root(folder, "1", now())
    authority.retire_root(folder, "1", now() + timedelta(days=121))
    assert [verified(folder, chain, CLIENT) for chain in (before, after)] == [False, True]


def test_a_root_that_signs_is_not_retired_and_there_is_no_third(signing):
    authority.add_root(signing.folder, now())
    for refused in (
        lambda: authority.retire_root(signing.folder, "1", now(), anyway=True),
        lambda: authority.add_root(signing.folder, now()),
        lambda: authority.use_root(signing.folder, "7", now()),
        lambda: authority.found(signing.folder, now()),
    ):
        with pytest.raises(NotNow):
            refused()
    assert [one.name for one in Authority.open(signing.folder).generations] == ["1", "2"]


def test_there_is_a_list_for_each_signer(signing, tmp_path):
    gone, stays = client(signing), client(signing)
    authority.add_root(signing.folder, now())
    there = authority.use_root(signing.folder, "2", now())
    serial = certificates.serial(certificates.read(gone))
    lists = tmp_path / "lists.pem"
    lists.write_text(there.revocation_lists([Revoked(serial, now(), signing.signer.name)], now()))
    asked = ("-crl_check", "-CRLfile", lists)
    found = [verified(signing.folder, chain, CLIENT, *asked) for chain in (gone, stays, client(there))]
    assert found == [False, True, True]


def test_it_signs_with_the_roots_key_in_a_safe(signing):
    for key in signing.folder.rglob("root.key"):
        key.unlink()
    assert verified(signing.folder, client(Authority.open(signing.folder)), CLIENT)


@pytest.mark.parametrize("spoilt", ["issuing", "1/issuing.key", "1/root.pem"])
def test_a_spoilt_folder_is_no_authority(signing, spoilt):
    (signing.folder / spoilt).write_text("?")
    with pytest.raises(NoAuthority):
        Authority.open(signing.folder / "none" if spoilt == "issuing" else signing.folder)


def run(*words) -> int:
    return command.main(["authority", *map(str, words)])


def test_the_commands_from_the_first_root_to_the_last(tmp_path, capsys, monkeypatch):
    folder, out = tmp_path / "authority", tmp_path / "out"
    monkeypatch.setenv("EMMETRA_AUTHORITY", str(folder))
    answers = [run("init"), run("init"), run("show"), run("add-root"), run("use-root", 2), run("retire-root", 1)]
    answers += [run("retire-root", 1, "--anyway")]
    answers += [run("issue-server", "--host", "localhost", "--out", out), run("issue-service", "gw", "--out", out)]
    assert answers == [0, 2, 0, 0, 0, 2, 0, 0, 2]
    assert verified(folder, (out / "certificate.pem").read_text(), SERVER)
    assert run("issue-service", "svc/ingest", "--out", out) == 0
    assert certificates.read((out / "certificate.pem").read_text()).subject.rfc4514_string() == "CN=svc/ingest"
    assert "SHA-256" in capsys.readouterr().out


def test_without_a_folder_the_command_says_which_setting_is_missing(monkeypatch, capsys):
    monkeypatch.delenv("EMMETRA_AUTHORITY", raising=False)
    assert run("show") == 2
    assert "EMMETRA_AUTHORITY is not set" in capsys.readouterr().err


def test_a_power_cut_while_a_root_is_made_leaves_what_was(signing, monkeypatch):
    def cut(*_: object, **__: object) -> None:
        raise OSError("the power is gone")

    monkeypatch.setattr(authority, "write", cut)
    with pytest.raises(OSError, match="power"):
        authority.add_root(signing.folder, now())
    monkeypatch.undo()
    assert [one.name for one in Authority.open(signing.folder).generations] == ["1"]
    assert [one.name for one in authority.add_root(signing.folder, now()).generations] == ["1", "2"]


@pytest.fixture(autouse=True)
def openssl() -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
