"""A small disk for a gateway that can be filled up. Needs the right to mount; without it there is no such trouble."""

import os
import subprocess
from pathlib import Path

SIZE = "160m"
BALLAST = "ballast"


class Disk:
    """A folder on a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.mounted = not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "emmetra-soak", str(folder)],
            capture_output=True,
            check=False,
        ).returncode

    def fill(self, spare: int) -> None:
        """Leave about so many bytes, whatever others write meanwhile."""
        with (self.folder / BALLAST).open("wb") as file:
            size, piece = 0, os.statvfs(self.folder).f_frsize * os.statvfs(self.folder).f_bavail
            while piece >= 4096:
                try:
                    os.posix_fallocate(file.fileno(), size, piece)
                    size += piece
                except OSError:
                    piece //= 2
            file.truncate(max(0, size - spare))

    def clear(self) -> None:
        """Room again."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def close(self) -> None:
        """Take it away."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)
