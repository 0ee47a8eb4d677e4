"""The launcher as a process, outside the slots and without any of our code but its own file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edge.updates import launcher

STARTED = "import time, sys, pathlib\npathlib.Path(sys.argv[1]).write_text('up')\ntime.sleep(60)\n"


def launch(box, *words, **options):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("EMMETRA", "PYTHON"))}
    command = [sys.executable, "-I", str(box.home / "launch"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=20, **options)


def on_trial(maker, box, version="2.0", **options):
    box.want(maker.release(version, **options))
    while box.steps().at() in ("wanted", "fetched", "proved"):
        box.steps().advance()
    box.steps().begin_trial({})


def test_the_active_slot_is_started_with_its_words(box):
    done = launch(box, "0", "run")
    assert (done.stdout, done.returncode) == ("1.0 0 run\n", 0)


@pytest.mark.edge("EDGE-190", "A trial that ends three times without committing is followed by the release before it.")
def test_three_starts_then_back(maker, box):
    on_trial(maker, box)
    done = [launch(box, "1") for _ in range(4)]
    assert [(one.stdout, one.returncode) for one in done] == [*[("2.0 1\n", 1)] * 3, ("1.0 1\n", 1)]
    assert box.slots.state()["untold"][0]["why"] == "it did not hold in 3 starts"


def test_a_release_that_cannot_even_be_imported_goes_back(maker, box):
    on_trial(maker, box, extra={"deploy/__main__.py": b"import nothing_there"})
    done = [launch(box, "0") for _ in range(4)]
    assert [one.returncode for one in done] == [1, 1, 1, 0]
    assert done[3].stdout == "1.0 0\n"


def test_a_stop_in_good_order_is_not_counted(maker, box, tmp_path):
    on_trial(maker, box, extra={"deploy/__main__.py": STARTED.encode()})
    running = subprocess.Popen([sys.executable, "-I", str(box.home / "launch"), str(tmp_path / "up")])
    while not (tmp_path / "up").exists():
        time.sleep(0.01)
    assert box.slots.state()["trial"]["starts"] == 1
    running.send_signal(signal.SIGTERM)
    running.wait(10)
    assert box.slots.state()["trial"]["starts"] == 0


@pytest.mark.edge("EDGE-191", "A trial that neither commits nor ends is ended by the launcher.")
def test_a_trial_that_hangs_is_ended(maker, box, tmp_path, monkeypatch):
    monkeypatch.setattr(launcher, "LOOK_S", 0.05)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    on_trial(maker, box)
    hung = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert launcher.watch(box.slots.root, hung, dict(os.environ), deadline_s=0.1) == -signal.SIGKILL
    assert launcher.choose(box.slots.root) == ("A", False)
    assert box.slots.state()["untold"][0]["why"] == "it did not hold within 0 minutes"


def test_a_trial_that_has_committed_may_run_on(maker, box, monkeypatch):
    monkeypatch.setattr(launcher, "LOOK_S", 0.05)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    on_trial(maker, box)
    box.steps("2.0").commit()
    brief = [sys.executable, "-c", "import time; time.sleep(0.3)"]
    assert launcher.watch(box.slots.root, brief, dict(os.environ), deadline_s=0.1) == 0
    assert box.slots.state()["active"] == "B"


def test_it_needs_nothing_but_the_standard_library():
    source = Path(launcher.__file__).read_text().splitlines()
    imported = {line.split()[1] for line in source if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
