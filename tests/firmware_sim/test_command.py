"""``emmetra sim`` from the outside."""

import contextlib
import os
import socket
import subprocess
import sys
import time

import pytest

from deploy.cli import main
from protocols.nidek_frame import decode
from tests.protocols.nidek_frame.frames import MANUAL_LM1000P


def emmetra(*words):
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; from deploy.cli import main; sys.exit(main(sys.argv[1:]))", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextlib.contextmanager
def running(*words):
    process = emmetra("sim", *words)
    try:
        yield process, process.stdout.readline().split()[-1]
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait(10)


def read(descriptor, wanted):
    heard = b""
    deadline = time.monotonic() + 10
    while len(heard) < wanted and time.monotonic() < deadline:
        heard += os.read(descriptor, 4096)
    return heard


def test_the_instruments_are_listed(capsys):
    assert main(["sim", "list"]) == 0
    assert {"ark-1a", "lm-600p", "tonoref-iii"} <= {line.split()[0] for line in capsys.readouterr().out.splitlines()}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "ark-9", "--pty"], "no simulated 'ark-9'; there are 2win, ark-1a"),
        (["run", "ark-1a", "--tcp", "nowhere"], "no HOST:PORT"),
        (["run", "ark-1a", "--pty", "--weather", "rain"], "no weather"),
        (["replay", "/nowhere/at/all", "--pty"], "No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words, says, capsys):
    assert main(["sim", *words]) == 1
    assert says in capsys.readouterr().err


def test_a_press_of_enter_measures_and_prints(tmp_path):
    link = tmp_path / "ark"
    with running("run", "ark-1a", "--pty", str(link), "--mode", "NCP10", "--seed", "5") as (process, where):
        assert where == str(link)
        descriptor = os.open(link, os.O_RDWR | os.O_NOCTTY)
        process.stdin.write("\n")
        process.stdin.flush()
        said = process.stdout.readline()
        size = int(said.split()[-2])
        (event,) = decode(read(descriptor, size))
        os.close(descriptor)
        process.stdin.write("p\nc\np\n?\nq\n")
        process.stdin.close()
        rest = process.stdout.read()

    assert said.startswith("ARK-1a no. 0001: sent")
    assert event.readings[0].integrity.checksum == "ok"
    assert "no. 0002" in rest
    assert "nothing to print" in rest
    assert "Enter measures and prints" in rest
    assert process.returncode == 0


def test_the_clock_may_press_the_button():
    with running("run", "lm-600p", "--tcp", "127.0.0.1:0", "--mode", "NCP10", "--every", "0.2") as (process, where):
        host, port = where.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            heard = b""
            while heard.count(b"\x04") < 2:
                heard += connection.recv(4096)
        process.terminate()

    assert decode(heard)[0].readings[0].instrument.model == "LM-600P"


def test_a_capture_is_played_back(tmp_path):
    (tmp_path / "a.bin").write_bytes(MANUAL_LM1000P)
    with running("replay", str(tmp_path / "a.bin"), "--pty", "--every", "0", "--times", "2") as (process, where):
        process.stdout.readline()
        assert process.wait(10) == 0
    assert where.startswith("/dev/")


def test_a_phoropter_answers_between_two_presses():
    with running("run", "rt-5100", "--tcp", "127.0.0.1:0") as (_, link):
        host, _, port = link.removeprefix("socket://").rpartition(":")
        with socket.create_connection((host, int(port)), 10) as far:
            far.settimeout(10)
            far.sendall(b"\x01C**\x02RS\x17\x04")

            assert far.recv(64) == b"\x01CRL\x02SD\x17\x04\r"


def test_without_an_answer_the_display_says_so():
    with running("run", "ark-1a", "--pty", "--patience", "0.1", "--every", "0", "--times", "1") as (process, _):
        assert process.stdout.readline().strip() == "ARK-1a no. 0001: COMMUNICATION ERROR"
