"""Starts the gateway's software from the slot that the state file names, and goes back when a trial does not hold.

It stands outside the slots, as ``/opt/emmetra/launch``, and needs nothing but Python: no release can take it away. A
release runs on trial until it commits itself; after three starts without that, or after half an hour in one of them,
the slot before it is started again and the release is never tried a second time by itself.
"""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

SLOTS = ("A", "B")
STATE, RELEASE = "state.json", "RELEASE"
STARTS = 3
DEADLINE_S = 1800.0
LOOK_S = 1.0


def put(path: Path, data: bytes) -> None:
    """Write a file whole: after a power cut it holds the old bytes or the new ones."""
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(fresh, path)  # noqa: PTH105 - every change to the disk goes through os: tests cut each
    sync_folder(path.parent)


def write_all(handle: int, data: bytes) -> None:
    """Write every byte: on a disk that is filling up one call may take a part only."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sync_folder(folder: Path) -> None:
    """Names in a folder are safe when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(slots: Path) -> dict[str, Any]:
    """What runs and what is tried; where the file is gone or unreadable, the first slot that is whole."""
    try:
        state = json.loads((slots / STATE).read_bytes())
        if state["active"] in SLOTS:
            return dict(state)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    whole = [slot for slot in SLOTS if (slots / slot / RELEASE).is_file()]
    return {"active": (whole or ["A"])[0]}


def write(slots: Path, state: dict[str, Any]) -> None:
    """Keep the state."""
    put(slots / STATE, json.dumps(state, indent=1).encode())


def choose(slots: Path) -> tuple[str, bool]:
    """The slot to start now, and whether on trial. A trial's start is counted before it is made."""
    state = read(slots)
    trial = state.get("trial")
    if not trial:
        return str(state["active"]), False
    if trial["starts"] >= STARTS:
        write(slots, returned(state, f"it did not hold in {STARTS} starts"))
        return str(state["active"]), False
    trial["starts"] += 1
    write(slots, state)
    return str(trial["slot"]), True


def returned(state: dict[str, Any], why: str) -> dict[str, Any]:
    """The state after a trial that failed: the version is remembered with the reason, and there is news to tell."""
    trial = state["trial"]
    about = {"version": trial["version"], "why": why}
    return {
        **state,
        "trial": None,
        "refused": {**state.get("refused", {}), trial["manifest_sha256"]: about},
        "untold": [*state.get("untold", []), news("update_returned", trial, why)],
    }


def news(code: str, about: dict[str, Any], why: str | None = None) -> dict[str, Any]:
    """One thing to report; its id keeps a repeated report from counting twice."""
    told = {"version": about["version"], "manifest_sha256": about["manifest_sha256"]}
    return {"id": str(uuid.uuid4()), "code": code, **told, **({"why": why} if why else {})}


def main(argv: list[str]) -> int:
    """Start the software; returns when a trial ends, and not at all otherwise."""
    slots = Path(os.environ.get("EMMETRA_SLOTS") or Path(__file__).resolve().parent / "slots")
    slot, on_trial = choose(slots)
    here = {"PYTHONPATH": str(slots / slot), "EMMETRA_SLOTS": str(slots), "EMMETRA_SLOT": slot}
    command = [sys.executable, "-P", "-m", "deploy", *argv]
    if not on_trial:
        os.execve(command[0], command, {**os.environ, **here})  # noqa: S606
    return watch(slots, command, {**os.environ, **here})


def watch(slots: Path, command: list[str], environment: dict[str, str], deadline_s: float = DEADLINE_S) -> int:
    """Run a trial: one that is over time goes back, one that was stopped in good order is not counted."""
    child = subprocess.Popen(command, env=environment)  # noqa: S603
    told_to_stop: list[int] = []

    def stop(number: int, _frame: object) -> None:
        told_to_stop.append(number)
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    end = time.monotonic() + deadline_s
    while (code := _ended(child)) is None:
        if time.monotonic() > end:
            end = float("inf")
            _over_time(slots, child, deadline_s)
    if told_to_stop:
        _uncount(slots)
    return code


def _ended(child: "subprocess.Popen[bytes]") -> int | None:
    try:
        return child.wait(LOOK_S)
    except subprocess.TimeoutExpired:
        return None


def _over_time(slots: Path, child: "subprocess.Popen[bytes]", deadline_s: float) -> None:
    state = read(slots)
    if state.get("trial"):
        write(slots, returned(state, f"it did not hold within {deadline_s / 60:.0f} minutes"))
        child.kill()


def _uncount(slots: Path) -> None:
    state = read(slots)
    if trial := state.get("trial"):
        trial["starts"] = max(0, trial["starts"] - 1)
        write(slots, state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
