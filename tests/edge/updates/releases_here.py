"""Small signed releases to update with, and a box they are laid into."""

import hashlib
import itertools
import sys
from pathlib import Path

from deploy.release import build, laying, signing
from edge.updates.slots import Slots
from edge.updates.steps import Here, Steps
from protocols.envelope import encode
from protocols.envelope.release import MANIFEST, Archive, Manifest

# Two makers never make the same manifest, which is what a database knows a release by.
_made = itertools.count()
PLATFORM = "linux-aarch64"
PYTHON = ".".join(map(str, sys.version_info[:2]))
# The software of these releases only says which version it is.
MAIN = "import pathlib, sys\nprint('{version}', *sys.argv[1:])\nsys.exit(int(sys.argv[1]) if sys.argv[1:] else 0)\n"


def release(folder: Path, version: str, *, after: str | None = None, extra: dict[str, bytes] | None = None, **about):
    """An unsigned release whose software says its version."""
    tree, out = folder / f"tree-{version}", folder / version
    (tree / "deploy").mkdir(parents=True)
    out.mkdir()
    (tree / "deploy" / "__init__.py").write_text("")
    (tree / "deploy" / "__main__.py").write_text(MAIN.format(version=version))
    for name, data in (extra or {}).items():
        (tree / name).write_bytes(data)
    listed = build.list_files(tree)
    path = out / f"emmetra-{version}.tar.gz"
    build.pack(tree, path)
    packed = path.read_bytes()
    fits = {"platform": PLATFORM, "python": PYTHON, "name": path.name, "size": len(packed), **about}
    digests = {"sha256": hashlib.sha256(packed).hexdigest(), "files_sha256": hashlib.sha256(listed).hexdigest()}
    archive = Archive(**{**fits, **digests})
    at = f"2026-11-22T00:00:00.{next(_made):06}Z"
    manifest = Manifest(v=1, version=version, made_at=at, archives=[archive], after=after)
    (out / MANIFEST).write_bytes(encode(manifest))
    return out


def in_process(manifest: Path, signature: Path, keys: Path) -> None:
    """What proving.prove does in a process of its own; hundreds of cuts have no time for that."""
    if not signing.signed(manifest.read_bytes(), signature.read_bytes(), keys):
        raise signing.UpdateRefused("The release is not signed by a key this gateway knows.")


class Maker:
    """Whoever makes releases: a pair of keys and a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "maker"
        self.keys = folder / "public"
        self.folder.mkdir()
        self.keys.mkdir()
        self.private = self.folder / "key.pem"
        public = signing.keygen(self.private)
        public.rename(self.keys / public.name)

    def release(self, version: str, **options) -> Path:
        made = release(self.folder, version, **options)
        signing.sign(made, self.private)
        return made

    def box(self, home: Path, version: str = "1.0") -> "Box":
        laying.lay(self.release(version), home, self.keys, platform=PLATFORM, python=PYTHON)
        return Box(home)


def digest(release: Path) -> str:
    return hashlib.sha256((release / MANIFEST).read_bytes()).hexdigest()


class Box:
    """A gateway's home with slots in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.slots = Slots(home / "slots")

    def steps(self, running: str = "1.0") -> Steps:
        return Steps(self.slots, Here(running, PLATFORM, PYTHON, self.home / "keys"), in_process)

    def want(self, release: Path, **options) -> bool:
        return self.steps(options.pop("running", "1.0")).want(
            version=release.name, manifest_sha256=digest(release), where=str(release), **options
        )
