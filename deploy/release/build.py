"""Packs what a gateway needs, and nothing of the cloud, into one archive a platform; says so in a manifest.

The libraries are fetched as wheels for the platform that is asked for, so an archive for a Raspberry Pi is made on
any machine, and a library without a wheel for it stops the build.
"""

import gzip
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edge.updates.slots import FILES
from protocols.envelope import decode, encode
from protocols.envelope.release import MANIFEST, Archive, Manifest

ROOT = Path(__file__).parents[2]
# As uv calls them; glibc 2.28 is older than that of every system a gateway runs on.
PLATFORMS = {"linux-aarch64": "aarch64-manylinux_2_28", "linux-x86_64": "x86_64-manylinux_2_28"}
OURS = ("protocols", "edge", "deploy/__init__.py", "deploy/__main__.py", "deploy/cli.py", "deploy/instruments")
NOT_RUN = ("bin", "__pycache__", ".lock", ".gitignore")


class BuildFailed(Exception):
    """The archive cannot be made: one sentence why."""


def build(version: str, platform: str, out: Path, *, python: str, after: str | None = None, own: bool = False) -> Path:
    """Make the archive and the manifest beside it; an archive for another platform of the same version stays listed.

    With ``own`` the archive holds our own code alone, for a box whose image has the libraries. Raises BuildFailed.
    """
    if platform not in PLATFORMS:
        raise BuildFailed(f"There is no platform {platform!r}; known are {', '.join(PLATFORMS)}.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="emmetra-release-") as name:
        tree = Path(name)
        if not own:
            libraries(tree, platform, python)
        lay_ours(tree, version)
        listed = list_files(tree)
        path = out / f"emmetra-{version}-{platform}-py{python.replace('.', '')}.tar.gz"
        pack(tree, path)
    about = {"name": path.name, "platform": platform, "python": python}
    archive = Archive(
        **about,
        size=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        files_sha256=hashlib.sha256(listed).hexdigest(),
    )
    _list_in_manifest(out / MANIFEST, version, after, archive)
    return path


def libraries(tree: Path, platform: str, python: str) -> None:
    """The libraries of the extra ``edge`` as wheels for the platform, in the locked versions. Raises BuildFailed."""
    words = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(tree), "--only-binary", ":all:"]
    words += ["--python-platform", PLATFORMS[platform], "--python-version", python, "--link-mode", "copy"]
    words += ["--constraint", str(ROOT / "requirements.lock"), *wanted()]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BuildFailed(f"The libraries for {platform} with Python {python} cannot be had:\n{done.stderr.strip()}")
    for name in NOT_RUN:
        for found in list(tree.rglob(name)):
            shutil.rmtree(found) if found.is_dir() else found.unlink()


def wanted() -> list[str]:
    """What the gateway asks for, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["edge"]]


def lay_ours(tree: Path, version: str) -> None:
    """Our own code, and the metadata by which it knows its version."""
    skip = shutil.ignore_patterns("__pycache__")
    for name in OURS:
        source, target = ROOT / name, tree / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=skip)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    about = tree / f"emmetra-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: emmetra\nVersion: {version}\n", "utf-8")


def list_files(tree: Path) -> bytes:
    """Write FILES, every file with its digest, and give its bytes."""
    listed = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in _files(tree))
    (tree / FILES).write_text(listed, "utf-8")
    return listed.encode()


def pack(tree: Path, path: Path) -> None:
    """The same tree gives the same bytes, whenever and by whomever it is packed."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as packed,
    ):
        for name, file in _files(tree):
            data = file.read_bytes()
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o755 if file.stat().st_mode & 0o100 else 0o644
            packed.addfile(member, io.BytesIO(data))


def _files(tree: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            yield path.relative_to(tree).as_posix(), path


def _list_in_manifest(path: Path, version: str, after: str | None, archive: Archive) -> None:
    known = decode(Manifest, path.read_bytes()) if path.exists() else None
    others = known.archives if known is not None and known.version == version else []
    same = (archive.platform, archive.python)
    archives = [*(one for one in others if (one.platform, one.python) != same), archive]
    made_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    path.write_bytes(encode(Manifest(v=1, version=version, made_at=made_at, archives=archives, after=after)))
