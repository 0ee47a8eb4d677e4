"""Archives: the same tree the same bytes, for the platform asked for, with the version they say."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from deploy.release import build, command, signing
from edge.updates.slots import FILES
from protocols.envelope import decode
from protocols.envelope.release import MANIFEST, Manifest

PYTHON = ".".join(map(str, sys.version_info[:2]))
ELF_AARCH64 = 0xB7  # e_machine, ELF specification


def own(out, version="1.2.3", platform="linux-aarch64"):
    return build.build(version, platform, out, python=PYTHON, own=True)


def unpacked(archive, into):
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    return into


def test_our_own_code_runs_from_where_it_is_unpacked(tmp_path):
    tree = unpacked(own(tmp_path / "out"), tmp_path / "slot")
    assert not list(tree.rglob("__pycache__"))
    asked = "from importlib import metadata; import edge; print(metadata.version('emmetra'), edge.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    said = subprocess.run(
        [sys.executable, "-P", "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["1.2.3", str(tree / "edge" / "__init__.py")]
    assert not (tree / "cloud").exists()


def test_the_same_tree_gives_the_same_bytes(tmp_path):
    assert own(tmp_path / "one").read_bytes() == own(tmp_path / "two").read_bytes()
    assert (tmp_path / "one").is_dir()


def test_the_manifest_lists_every_platform_of_one_version(tmp_path):
    for platform in build.PLATFORMS:
        own(tmp_path, platform=platform)
    manifest = decode(Manifest, (tmp_path / MANIFEST).read_bytes())
    assert [one.platform for one in manifest.archives] == list(build.PLATFORMS)
    own(tmp_path, version="2.0")
    assert len(decode(Manifest, (tmp_path / MANIFEST).read_bytes()).archives) == 1


def test_every_file_is_in_the_list(tmp_path):
    tree = unpacked(own(tmp_path / "out"), tmp_path / "slot")
    listed = {line.split("  ", 1)[1] for line in (tree / FILES).read_text().splitlines()}
    there = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    assert there == listed | {FILES}


def test_by_command(tmp_path, capsys):
    words = ["build", "--version", "1.0", "--platform", "linux-x86_64", "--python", PYTHON, "--own"]
    release, keys = str(tmp_path / "r"), tmp_path / "keys"
    keys.mkdir()
    assert command.main([*words, "--out", release]) == 0
    assert command.main(["keygen", str(tmp_path / "key.pem")]) == 0
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    assert command.main(["verify", release, "--keys", str(keys)]) == 1
    assert command.main(["sign", release, "--key", str(tmp_path / "key.pem")]) == 0
    assert command.main(["verify", release, "--keys", str(keys)]) == 1
    (tmp_path / "key.pub.pem").rename(keys / "key.pub.pem")
    assert command.main(["verify", release, "--keys", str(keys)]) == 0
    home = tmp_path / "home"
    lay = [
        "install",
        release,
        "--keys",
        str(keys),
        "--home",
        str(home),
        "--platform",
        "linux-x86_64",
        "--python",
        PYTHON,
    ]
    assert command.main(lay) == 0
    assert "1.0 is signed and whole" in capsys.readouterr().out
    assert (home / "slots" / "A" / "RELEASE").is_file()
    assert command.main(["keygen", str(tmp_path / "key.pem")]) == 2
    assert signing.verify(Path(release), keys).version == "1.0"


@pytest.mark.peer
@pytest.mark.edge(
    "EDGE-202", "Every library of the gateway is to be had for 64-bit ARM; an archive for a Pi is made on any machine."
)
def test_every_library_of_the_edge_extra_has_an_arm64_wheel_this_needs_the_network(tmp_path):
    try:
        build.libraries(tmp_path, "linux-aarch64", "3.11")
    except build.BuildFailed as failure:
        if "dns" in str(failure).lower() or "connect" in str(failure).lower():
            pytest.skip("no package index can be reached")
        raise
    compiled = list(tmp_path.rglob("*.so"))
    machines = {int.from_bytes(path.read_bytes()[18:20], "little") for path in compiled}
    assert {path.parent.name for path in compiled} >= {"msgspec"}
    assert machines == {ELF_AARCH64}
    there = {path.name.split("-")[0].lower() for path in tmp_path.glob("*.dist-info")}
    asked = {line.split(">")[0].replace("-", "_") for line in build.wanted()}
    assert asked <= there
