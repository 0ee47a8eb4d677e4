"""The two slots and what lies in them, changed so that a power cut at any moment leaves one that can be started."""

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.updates import launcher
from edge.updates.launcher import RELEASE, SLOTS
from edge.updates.refusals import NotNow, UpdateRefused

if TYPE_CHECKING:
    import tarfile

FILES = "FILES"
MOST_BYTES, MOST_FILES = 400 << 20, 20_000  # more than any release holds, less than fills a card


class Slots:
    """The folder with both slots, the state file and what is being fetched."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.lock = threading.RLock()  # orders come in one thread, steps are done in another

    def state(self) -> dict[str, Any]:
        """What runs, what is tried, what is under way."""
        return launcher.read(self.root)

    def keep(self, **changed: Any) -> dict[str, Any]:
        """Change the state, as one write."""
        with self.lock:
            state = {**self.state(), **changed}
            launcher.write(self.root, state)
            return state

    def spare(self) -> str:
        """The slot that does not run."""
        return next(slot for slot in SLOTS if slot != self.state()["active"])

    def release(self, slot: str) -> dict[str, Any]:
        """Version and manifest's digest of what is in a slot; empty where nothing whole is."""
        try:
            return dict(json.loads((self.root / slot / RELEASE).read_bytes()))
        except (OSError, ValueError):
            return {}

    def unpack(self, archive: Path, slot: str, about: dict[str, Any]) -> None:
        """Fill a slot anew. What makes it whole, the file RELEASE, goes first and comes last. Raises UpdateRefused."""
        self.empty(slot)
        for name, data, mode in _members(archive):
            _lay(self.root / slot / name, data, mode)
        self.prove(slot, about["files_sha256"])
        for folder in _folders(self.root / slot):
            launcher.sync_folder(folder)
        launcher.put(self.root / slot / RELEASE, json.dumps(about).encode())

    def empty(self, slot: str) -> None:
        """Take everything out of a slot. Raises UpdateRefused for the one that runs."""
        if slot == self.state()["active"]:
            raise UpdateRefused(f"Slot {slot} runs and is not touched.")
        folder = self.root / slot
        if (folder / RELEASE).exists():
            os.unlink(folder / RELEASE)  # noqa: PTH108 - every change to the disk goes through os: tests cut each
            launcher.sync_folder(folder)
        _remove(folder)
        os.mkdir(folder, 0o755)  # noqa: PTH102
        launcher.sync_folder(self.root)

    def prove(self, slot: str, files_sha256: str) -> None:
        """Read every file again and compare it with the signed list. Raises UpdateRefused, NotNow for a bad disk."""
        folder = self.root / slot
        try:
            listed = (folder / FILES).read_bytes()
            if hashlib.sha256(listed).hexdigest() != files_sha256:
                raise UpdateRefused("The list of files in the archive is not the one that was signed.")
            wrong = [name for digest, name in _entries(listed) if _digest(folder / name) != digest]
        except (OSError, ValueError) as trouble:
            raise NotNow(f"What was unpacked cannot be read again ({type(trouble).__name__}).") from None
        if wrong:
            raise NotNow(f"{wrong[0]} was not written as it was signed; it is unpacked anew.")

    def drop_incoming(self) -> None:
        """Forget what was fetched."""
        _remove(self.incoming)


def _members(archive: Path) -> Iterator[tuple[str, bytes, int]]:
    """Plain files alone, below the slot alone; names are checked before a byte is written."""
    import tarfile

    left = MOST_BYTES
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for count, member in enumerate(packed):
                left -= member.size
                if count >= MOST_FILES or left < 0 or not _harmless(member):
                    raise UpdateRefused(f"The archive holds what no release holds ({member.name[:80]!r}).")
                file = packed.extractfile(member)
                yield member.name, file.read() if file else b"", 0o755 if member.mode & 0o100 else 0o644
    except (tarfile.TarError, EOFError, OSError) as trouble:
        if isinstance(trouble, OSError) and trouble.errno is not None:
            raise
        raise UpdateRefused("The archive cannot be unpacked.") from None


def _harmless(member: "tarfile.TarInfo") -> bool:
    parts = member.name.split("/")
    return member.isfile() and not member.name.startswith("/") and not {"..", ".", ""} & set(parts)


def _entries(listed: bytes) -> Iterator[tuple[str, str]]:
    for line in listed.decode().splitlines():
        digest, name = line.split("  ", 1)
        yield digest, name


def _lay(path: Path, data: bytes, mode: int) -> None:
    os.makedirs(path.parent, 0o755, exist_ok=True)  # noqa: PTH103
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        launcher.write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folders(top: Path) -> Iterator[Path]:
    for folder, _, _ in os.walk(top, topdown=False):
        yield Path(folder)


def _remove(top: Path) -> None:
    for folder, folders, files in os.walk(top, topdown=False):
        for name in files:
            os.unlink(Path(folder) / name)  # noqa: PTH108
        for name in folders:
            path = Path(folder) / name
            os.unlink(path) if path.is_symlink() else os.rmdir(path)  # noqa: PTH106, PTH108
    if top.exists():
        os.rmdir(top)  # noqa: PTH106
