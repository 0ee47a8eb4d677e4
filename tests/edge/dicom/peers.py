"""The program in a process of its own, and devices that call it."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

CONFIG = """
[gateway]
address = "demo/main/gw-1"
data = "{data}"
disk_floor_mb = {floor}
[broker]
url = "mqtt://127.0.0.1:{broker}"
[dicom]
bind = "127.0.0.1:0"
ae_title = "GATEWAY"
quarantine = {quarantine}
{tls}
[[dicom.device]]
name = "biometer"
ae_title = "IOLM700"
hosts = ["127.0.0.1"]
address = "127.0.0.1:{report}"
modalities = ["OAM"]
lane = "Room 2"
rooms = ["ROOM2"]
{device}
[[dicom.device]]
name = "far"
ae_title = "FARAWAY"
hosts = ["192.0.2.0/24"]
[[dicom.device]]
name = "camera"
ae_title = "CAMERA"
hosts = ["127.0.0.0/8"]
pdu = 16384
charset = "ISO_IR 100"
"""


def write_config(folder, *, quarantine=False, report=1, device="", tls="", floor=0, broker=1):
    path = Path(folder) / "gateway.toml"
    flag = "true" if quarantine else "false"
    said = CONFIG.format(
        data=Path(folder) / "data", quarantine=flag, report=report, device=device, tls=tls, floor=floor, broker=broker
    )
    path.write_text(said)
    (Path(folder) / "data").mkdir(exist_ok=True)
    return path


class Peer:
    """The DICOM program; ``heard`` are the lines it said."""

    def __init__(self, config, patch=""):
        self.config, self.patch = config, patch
        self.data = Path(config).parent / "data"
        self.heard = queue.Queue()

    def __enter__(self):
        code = f"{self.patch}\nimport sys\nfrom edge.command import main\nsys.exit(main(sys.argv[1:]))"
        self.log = (self.data / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "dicom", "--child", "--config", str(self.config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.port = int(self.until(lambda said: said["listens"])["where"].rpartition(":")[2])
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.code = self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            self.process.stdout.close()
            self.log.close()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            self.heard.put(json.loads(line))

    def until(self, holds, patience=20):
        while True:
            said = self.heard.get(timeout=patience)
            if holds(said):
                return said

    def call(self, tool, *options, files=(), ae="IOLM700", called="GATEWAY"):
        """One of dcmtk's tools; what it printed and its exit code."""
        titles = ["-aet", ae, "-aec", called]
        done = subprocess.run(
            [shutil.which(tool), "-v", *titles, *map(str, options), "127.0.0.1", str(self.port), *map(str, files)],
            capture_output=True,
            env={**os.environ, "TCP_NODELAY": "1"},
            timeout=60,
            check=False,
        )
        return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace"), done.returncode

    def spool(self):
        return sorted((self.data / "dicom" / "spool").iterdir())

    def landing(self):
        return sorted((self.data / "dicom" / "landing").iterdir())
