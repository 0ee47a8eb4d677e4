"""Lays a release into a box for the first time: launcher, keys, slot A. What comes later the box does itself."""

import hashlib
import shutil
from pathlib import Path

import edge.updates.launcher
from deploy.release.signing import verify
from edge.updates.slots import Slots
from protocols.envelope.release import MANIFEST, Archive


def lay(release: Path, home: Path, keys: Path, *, platform: str, python: str) -> None:
    """Make ``home`` (``/opt/emmetra``) ready to start. Raises UpdateRefused, LookupError for another platform."""
    manifest = verify(release, keys)
    archive = _for(manifest.archives, platform, python)
    slots = Slots(home / "slots")
    slots.root.mkdir(parents=True, exist_ok=True)
    (home / "keys").mkdir(exist_ok=True)
    for key in keys.glob("*.pem"):
        shutil.copyfile(key, home / "keys" / key.name)
    launch = home / "launch"
    shutil.copyfile(edge.updates.launcher.__file__, launch)
    launch.chmod(0o755)
    slots.keep(active="B")  # nobody's: slot A is filled like any spare one
    digest = hashlib.sha256((release / MANIFEST).read_bytes()).hexdigest()
    about = {"version": manifest.version, "manifest_sha256": digest, "files_sha256": archive.files_sha256}
    slots.unpack(release / archive.name, "A", about)
    slots.keep(active="A")


def _for(archives: list[Archive], platform: str, python: str) -> Archive:
    for one in archives:
        if (one.platform, one.python) == (platform, python):
            return one
    raise LookupError(f"The release holds nothing for {platform} with Python {python}.")
