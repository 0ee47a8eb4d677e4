"""Files that are there whole or not at all, also after a power cut."""

import os
from pathlib import Path


def write(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Put a file in its place in one step; on disk when this returns. Raises OSError."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    settle(path.parent)


def point(link: Path, target: Path) -> None:
    """Let a link in the same tree show somewhere else, in one step."""
    part = link.with_name(link.name + ".part")
    part.unlink(missing_ok=True)
    part.symlink_to(os.path.relpath(target, link.parent))
    part.rename(link)
    settle(link.parent)


def drop(link: Path) -> None:
    """Take a link away."""
    link.unlink(missing_ok=True)
    settle(link.parent)


def settle(folder: Path) -> None:
    """Names, too, have to reach the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
