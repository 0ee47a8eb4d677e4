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
    "softhsm2": (("softhsm2",), "/usr/lib/softhsm/libsofthsm2.so", "keys in a PKCS#11 token"),
    "swtpm": (
        ("swtpm", "swtpm-tools", "tpm2-tools", "libtpm2-pkcs11-1", "libtpm2-pkcs11-tools"),
        "/usr/bin/swtpm",
        "keys in a TPM",
    ),
    "victoria-metrics": (
        ("victoria-metrics",),
        "/usr/bin/victoria-metrics",
        "telemetry in a real time-series database",
    ),
    "pdftotext": (("poppler-utils",), "/usr/bin/pdftotext", "reading printed prescriptions back"),
    "chromium": (("chromium", "fonts-noto-cjk"), "/usr/bin/chromium", "every browser test"),
    "chromium-headless-shell": (
        ("chromium-headless-shell",),
        "/usr/bin/chromium-headless-shell",
        "nothing, but browser tests take five times as long",
    ),
    "storescu": (("dcmtk",), "/usr/bin/storescu", "every test that sends or asks for DICOM objects as devices do"),
    "dbus-daemon": (("dbus",), "/usr/bin/dbus-daemon", "Bluetooth over a bus of its own"),
    "espeak-ng": (("espeak-ng",), "/usr/bin/espeak-ng", "everything that is spoken"),
    "ffprobe": (("ffmpeg",), "/usr/bin/ffprobe", "films held against another reader"),
}


def missing() -> list[str]:
    """Peers that are not on this machine."""
    return [name for name, (_, path, _) in PEERS.items() if not (Path(path).exists() or shutil.which(name))]


def main() -> int:
    """Install what is missing, or say what is left out; never a failure."""
    wanted = missing()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(wanted)
    for name in missing():
        print(f"{name} is not on this machine, so left out: {PEERS[name][2]}")
    return 0


def _install(names: list[str]) -> None:
    """Each by itself: one that this machine cannot have keeps no other out."""
    print("Installing the tests' real peers:", ", ".join(names), flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    each = (["install", "-q", "-y", "--no-install-recommends", *PEERS[name][0]] for name in names)
    for words in (["update", "-q"], *each):
        done = subprocess.run(["apt-get", *words], env=quiet, capture_output=True, check=False)  # noqa: S603, S607
        if done.returncode:
            print(done.stderr.decode(errors="replace")[-500:], file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
