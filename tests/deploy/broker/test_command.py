import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.broker.command import USERS, main

ROOT = Path(__file__).parents[3]
PROGRAM = "import sys; from deploy.cli import main; sys.exit(main())"


def test_a_port_in_use_is_said_in_one_sentence(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1

    assert capsys.readouterr().err == f"emmetra broker: cannot listen on 127.0.0.1:{port}: address already in use.\n"


def test_bad_rules_are_named_by_file_and_line(tmp_path, capsys):
    path = tmp_path / "rules"
    path.write_text("topic read a\nnonsense\n")

    assert main(["--port", "0", "--rules", str(path)]) == 1
    assert f"{path}, line 2: 'nonsense' is not one of user, topic, pattern." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--rules", "nowhere"], "the rules in nowhere cannot be read: no such file or directory."),
        (["--tls-ca", "x"], "TLS needs both --tls-certificate and --tls-key."),
        (["--tls-certificate", "nowhere", "--tls-key", "nowhere"], "a TLS file is missing: no such file or directory."),
        (["--tls-certificate", "/dev/null", "--tls-key", "/dev/null"], "the TLS files do not fit: "),
        (["--data", "/dev/null"], "cannot be used"),
    ],
)
def test_what_cannot_start_says_why(words, sentence, capsys):
    assert main(["--port", "0", *words]) == 1

    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1


def test_passwords_that_cannot_be_read_are_refused(monkeypatch, capsys):
    monkeypatch.setenv(USERS, "alice")

    assert main(["--port", "0"]) == 1
    assert "must read 'name:password name:password'" in capsys.readouterr().err


def test_sigterm_is_a_clean_end(tmp_path):
    words = [sys.executable, "-c", PROGRAM, "broker", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith("MQTT 5 on 127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, "")
    assert not list(tmp_path.glob("*-wal"))
