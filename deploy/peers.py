"""The real peers that tests meet: installed with apt where that is possible, named where it is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PEERS = {
    "mosquitto": (("mosquitto",), "/usr/sbin/mosquitto", "the broker conformance suite over mosquitto"),
    "postgresql-15": (("postgresql-15",), "/usr/lib/postgresql/15/bin/postgres", "the database suite on PostgreSQL 15"),
    "dciodvfy": (("dicom3tools",), "/usr/bin/dciodvfy", "the validator's judgement on written DICOM objects"),
    "pdftotext": (("poppler-utils",), "/usr/bin/pdftotext", "reading printed prescriptions back"),
    "chromium": (("chromium", "fonts-noto-cjk"), "/usr/bin/chromium", "every browser test"),
}


def missing() -> list[str]:
    """Peers that are not on this machine."""
    return [name for name, (_, path, _) in PEERS.items() if not (Path(path).exists() or shutil.which(name))]


def main() -> int:
    """Install what is missing, or say what is left out; never a failure."""
    wanted = missing()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        _install([package for name in wanted for package in PEERS[name][0]])
    for name in missing():
        print(f"{name} is not on this machine, so left out: {PEERS[name][2]}")
    return 0


def _install(packages: list[str]) -> None:
    print("Installing the tests' real peers:", ", ".join(packages), flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *words], env=quiet, capture_output=True, check=False)  # noqa: S603, S607
        if done.returncode:
            print(done.stderr.decode(errors="replace")[-500:], file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
