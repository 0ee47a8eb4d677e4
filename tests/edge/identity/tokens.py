"""Real tokens for a test: SoftHSM, and a TPM that swtpm plays, by way of tpm2-pkcs11."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
TPM = Path("/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so")
PIN, LABEL = "4321", "emmetra"


def missing(kind):
    """Which program is not here, in words for a skipped test; None when all are."""
    wanted = {"softhsm": ["softhsm2-util"], "tpm": ["swtpm", "tpm2_ptool", "tpm2_flushcontext"]}[kind]
    gone = [name for name in (*wanted, "stunnel4") if shutil.which(name) is None]
    library = {"softhsm": SOFTHSM, "tpm": TPM}[kind]
    gone += [] if library.exists() else [library.name]
    return ", ".join(gone) or None


def uri(kind, folder):
    pin = folder / "pin"
    pin.write_text(PIN)
    library = {"softhsm": SOFTHSM, "tpm": TPM}[kind]
    return f"pkcs11:token={LABEL}?module-path={library}&pin-source=file:{pin}"


@contextlib.contextmanager
def token(kind, folder):
    """An empty token; gives its address and the environment its library wants."""
    with {"softhsm": softhsm, "tpm": tpm}[kind](folder) as environment:
        yield uri(kind, folder), environment


@contextlib.contextmanager
def softhsm(folder):
    (folder / "tokens").mkdir()
    written = folder / "softhsm2.conf"
    written.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    environment = {"SOFTHSM2_CONF": str(written)}
    words = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "1234", "--pin", PIN]
    run(words, environment)
    yield environment


@contextlib.contextmanager
def tpm(folder):
    """A TPM without a resource manager holds three objects; a real one has the kernel's (/dev/tpmrm0)."""
    state, store = folder / "tpm", folder / "store"
    state.mkdir()
    store.mkdir()
    port, control = free_ports()
    words = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}", "--flags", "not-need-init,startup-clear"]
    words += ["--server", f"type=tcp,port={port}", "--ctrl", f"type=tcp,port={control}"]
    where = f"swtpm:port={port}"
    environment = {"TPM2TOOLS_TCTI": where, "TPM2_PKCS11_TCTI": where, "TPM2_PKCS11_STORE": str(store)}
    process = subprocess.Popen(words)
    try:
        until_listening(control)
        shims = flushing(folder)
        path = {"PATH": f"{shims}:{os.environ['PATH']}"}
        run(["tpm2_ptool", "init", "--path", str(store)], environment | path)
        pins = ["--sopin=1234", f"--userpin={PIN}"]
        run(["tpm2_ptool", "addtoken", "--pid=1", f"--label={LABEL}", *pins, "--path", str(store)], environment | path)
        flush(environment)
        yield environment
    finally:
        process.terminate()
        process.wait()


def flush(environment):
    """What a resource manager would do between two programs."""
    if "TPM2TOOLS_TCTI" in environment:
        run(["tpm2_flushcontext", "-t"], environment)


def flushing(folder):
    """The tools of the TPM, each emptying it first."""
    shims = folder / "shims"
    shims.mkdir()
    for real in Path("/usr/bin").glob("tpm2_*"):
        if real.name not in ("tpm2_ptool", "tpm2_flushcontext"):
            shim = shims / real.name
            shim.write_text(f'#!/bin/sh\n/usr/bin/tpm2_flushcontext -Q -t\nexec {real} "$@"\n')
            shim.chmod(0o755)
    return shims


def run(words, environment):
    done = subprocess.run(words, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def free_ports():
    """Two ports; tcti-swtpm takes it that the second is the next."""
    for port in range(23_000, 40_000, 2):
        with socket.socket() as one, socket.socket() as two, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            two.bind(("127.0.0.1", port + 1))
            return port, port + 1
    raise AssertionError("no two ports are free")


def until_listening(port):
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, "swtpm does not listen"
        time.sleep(0.02)
