"""A gateway as an appliance: the real launcher, two slots, an instrument on a pty, and what systemd would do."""

import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from deploy.release import build, laying, signing
from edge import status

PYTHON = ".".join(map(str, sys.version_info[:2]))
PLATFORM = f"linux-{platform.machine()}"
CONFIG = """
[gateway]
address = "{address}"
data = "{data}"
disk_floor_mb = 0
[broker]
url = "mqtt://127.0.0.1:{port}"
[updates]
soak_s = 1
limit_s = 8
[[instrument]]
name = "lens-1"
family = "nidek_frame"
model = "LM-1800P"
url = "{port_of_lens}"
"""


class Maker:
    """Makes and signs releases from the working tree."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.keys = folder, folder / "keys"
        self.keys.mkdir(parents=True)
        self._private = folder / "release-key.pem"
        public = signing.keygen(self._private)
        public.rename(self.keys / public.name)

    def release(self, version: str, *, broken_driver: bool = False) -> Path:
        out = self._folder / version
        lay = build.lay_ours
        try:
            build.lay_ours = self._breaking(lay) if broken_driver else lay
            build.build(version, PLATFORM, out, python=PYTHON, own=True)
        finally:
            build.lay_ours = lay
        signing.sign(out, self._private)
        return out

    def _breaking(self, lay: Any) -> Any:
        def lay_broken(tree: Path, version: str) -> None:
            lay(tree, version)
            driver = tree / "edge" / "drivers" / "nidek_frame" / "driver.py"
            driver.write_text("raise RuntimeError('this driver was never tried')\n")

        return lay_broken


class Box:
    """A box with slots; ``systemd`` starts it again whenever it ends."""

    def __init__(self, folder: Path, maker: Maker, version: str, address: str, broker_port: int) -> None:
        self.home, self.data = folder / "opt", folder / "data"
        laying.lay(maker.release(version), self.home, maker.keys, platform=PLATFORM, python=PYTHON)
        self._ends = os.openpty()
        lens = folder / "lens-1"
        lens.symlink_to(os.ttyname(self._ends[1]))
        self._config = folder / "gateway.toml"
        self._config.write_text(CONFIG.format(address=address, data=self.data, port=broker_port, port_of_lens=lens))
        self._log = folder / "gateway.log"
        self._over = threading.Event()
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._manager = threading.Thread(target=self._keep_started)
        self._manager.start()

    def _keep_started(self) -> None:
        words = [sys.executable, str(self.home / "launch"), "gateway", "run", "--config", str(self._config)]
        while not self._over.is_set():
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(words, stderr=log, start_new_session=True, cwd=self.home)
            self.starts += 1
            self._process.wait()
            self._over.wait(0.1)

    def state(self) -> dict[str, Any]:
        """The state file, as the launcher reads it."""
        return dict(json.loads((self.home / "slots" / "state.json").read_bytes()))

    def says(self) -> str:
        """The software that answers at the status socket; empty while none does."""
        try:
            return str(status.ask(self.data)["software"])
        except status.NotRunning:
            return ""

    def hears_its_lens(self) -> bool:
        """Whether the driver has its port."""
        try:
            return [one["state"] for one in status.ask(self.data)["instruments"]] == ["connected"]
        except status.NotRunning:
            return False

    def kill(self) -> None:
        """The power fails."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text()

    def close(self) -> None:
        """End it for good."""
        self._over.set()
        self.kill()
        self._manager.join(10)
        for end in self._ends:
            os.close(end)
