"""``make test``: every test, several beside each other; what fails there runs once more, alone, and is named.

Journeys run a dozen processes each on the machine of their neighbours. A second run in peace tells a test that was
starved from one that is wrong. Files run whole, as steps of a journey stand on those before. It is allowed to a few
only and never silent: what holds alone is printed at the end as unsteady, to be mended.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

FILES = 4
TOLD = "EMMETRA_FAILED_TESTS"


def main(argv: Sequence[str]) -> int:
    """Run pytest with these words; its exit code, or the second run's where there was one."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "failed"
        code = _pytest("-p", "tests.whole", *argv, **{TOLD: str(told)})
        failed = told.read_text().splitlines() if told.exists() else []
    files = sorted({one.partition("::")[0] for one in failed})
    if code != pytest.ExitCode.TESTS_FAILED or not 0 < len(files) <= FILES:
        return code
    print(f"\nOnce more, alone: files of {len(failed)} tests that failed beside others", flush=True)
    again = _pytest("--junitxml=", *files)
    if again == 0:
        print("\nUNSTEADY, held only alone; to be mended:", *failed, sep="\n  ", flush=True)
    return again


def _pytest(*words: str, **told: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *words], env=os.environ | told, check=False).returncode


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The run itself says which tests have failed, in whichever of its processes."""
    reports = [one for outcome in ("failed", "error") for one in terminalreporter.stats.get(outcome, ())]
    Path(os.environ[TOLD]).write_text("\n".join(dict.fromkeys(one.nodeid for one in reports)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
