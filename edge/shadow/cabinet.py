"""Where the memory lies: one file, there whole or not at all."""

import logging
from pathlib import Path

import msgspec

from edge import disk
from edge.shadow.memory import Memory

log = logging.getLogger("emmetra.shadow")
FILE = "shadow.json"


class Cabinet:
    """The file in the gateway's data folder. Blocking: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def load(self) -> Memory:
        """What is remembered; nothing where there is no file, or one that cannot be read, which is put aside."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Memory)
        except FileNotFoundError:
            return Memory()
        except (OSError, msgspec.MsgspecError) as damage:
            log.error("%s cannot be read (%s); the gateway's own file decides", self._path, type(damage).__name__)
            self._put_aside()
            return Memory()

    def keep(self, memory: Memory) -> None:
        """On disk when this returns. Raises OSError."""
        disk.write(self._path, msgspec.json.encode(memory))

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".damaged"))
        except OSError:
            log.warning("%s cannot be put aside", self._path)
