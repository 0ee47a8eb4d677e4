"""`emmetra gateway capture`, and what becomes of the file: decoded, identified, blanked, played back."""

import asyncio
import io
import json
import time

import pytest

from deploy.cli import main
from edge.capture.recorder import Recorder
from edge.command import main as gateway
from edge.links import null_modem
from firmware_sim.catalogue import instruments
from firmware_sim.replaying import replay
from firmware_sim.wires import FolderWire, open_pty
from firmware_sim.wires import null_modem as wires
from firmware_sim.wires.uart import Line
from protocols.capture import Entry, load
from protocols.framing import Request
from protocols.nidek_frame import Decoder
from protocols.nidek_frame import decode as decoded
from tests.protocols.nidek_frame.frames import DAY, block, heading, summed

NAMED = summed([block("DRM", *heading(), "IPMUELLER", "OL-01.25-00.25000")])


@pytest.fixture
def capture(tmp_path):
    """Records one press of Print, or what is said in its place."""

    def run(*options, name="ark-1a", line="9600 8E1", says=None, seconds="1"):
        file = tmp_path / "one.cap"

        async def both():
            wire = await open_pty(tmp_path / "port", Line.parse(line))
            words = ["capture", str(wire.path), "-o", str(file), "--seconds", seconds, *options]
            recording = asyncio.create_task(asyncio.to_thread(gateway, words))
            await asyncio.sleep(0.3)
            if says is None:
                instrument = instruments()[name](wire, seed=1)
                await instrument.measure()
                await instrument.print()
            else:
                await wire.write(says)
            code = await recording
            await wire.aclose()
            return code

        return asyncio.run(both()), file

    return run


def test_an_instrument_that_asks_is_answered_and_both_are_recorded(capture, capsys):
    code, file = capture("--family", "nidek_frame", "--model", "ARK-1a")
    recording = load(file.read_bytes())

    assert code == 0
    assert (recording.head.line, recording.head.port[-4:], recording.head.blanked) == ("9600 8E1", "port", False)
    assert [entry.by for entry in recording.entries][:3] == ["instrument", "gateway", "instrument"]
    assert recording.entries[1].data == b"\x01CRK\x02SD\x17\x04\r"
    assert [entry.t for entry in recording.entries] == sorted(entry.t for entry in recording.entries)
    assert "10 from us" in capsys.readouterr().err


def test_a_recording_is_decoded_and_identified_like_the_bytes(capture, capsys):
    _, file = capture("--family", "nidek_frame", "--model", "ARK-1a")
    capsys.readouterr()

    assert main(["decode", str(file)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["instrument"]["model"] == "ARK-1a"
    assert main(["identify", str(file)]) == 0
    assert "nidek_frame" in capsys.readouterr().out


def test_names_are_never_written_when_blanking_is_asked_for(capture):
    code, file = capture("--blank-names", line="9600 8N1", says=NAMED)
    recording = load(file.read_bytes())

    assert (code, recording.head.blanked) == (0, True)
    (event,) = decoded(recording.heard)
    assert event.readings[0].patient_ref.id == "XXXXXXX"
    assert event.readings[0].integrity.checksum == "ok"


def test_what_nobody_can_blank_is_kept_and_said_to_be_unblanked(capture, capsys):
    code, file = capture("--blank-names", line="9600 8N1", says=b"Mueller, Anna")

    assert (code, load(file.read_bytes()).head.blanked) == (1, False)
    assert "NOT BLANKED" in capsys.readouterr().err


def test_the_line_can_be_given(capture):
    code, file = capture("--baud", "2400", "--bits", "7", "--parity", "even", line="2400 7E1", says=b"hello")
    assert (code, load(file.read_bytes()).heard) == (0, b"hello")


def test_nothing_heard_is_told(capture, capsys):
    code, _ = capture(says=b"", seconds="0.4")
    assert code == 1
    assert "0 bytes from the instrument" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"), [(["/dev/ttyNONE"], "There is no port"), (["/dev/x", "--family", "klingon"], "klingon")]
)
def test_what_cannot_be_recorded_says_why(tmp_path, capsys, words, says):
    assert gateway(["capture", *words, "-o", str(tmp_path / "x.cap")]) == 1
    assert says in capsys.readouterr().err


def test_a_file_is_blanked_afterwards(tmp_path, capsys):
    raw, out = tmp_path / "a.bin", tmp_path / "b.bin"
    raw.write_bytes(NAMED)
    assert main(["blank", str(raw), "-o", str(out)]) == 0
    assert b"MUELLER" not in out.read_bytes()
    raw.write_bytes(b"Mueller, Anna")
    assert main(["blank", str(raw), "-o", str(tmp_path / "c")]) == 1
    assert not (tmp_path / "c").exists()


def test_a_recording_stays_one_when_it_is_blanked(capture, tmp_path):
    _, file = capture(line="9600 8N1", says=NAMED)
    assert main(["blank", str(file), "-o", str(tmp_path / "b.cap")]) == 0
    before, after = (load(path.read_bytes()) for path in (file, tmp_path / "b.cap"))

    assert ([e.t for e in before.entries], before.head.line) == ([e.t for e in after.entries], after.head.line)
    assert b"MUELLER" not in after.heard


def test_a_broken_recording_is_refused_with_its_line(tmp_path, capsys):
    (tmp_path / "a.cap").write_bytes(b'{"emmetra_capture":1}\nnonsense\n')
    assert main(["decode", str(tmp_path / "a.cap")]) == 1
    assert "line 2" in capsys.readouterr().err


ENTRIES = (
    Entry(t=0.1, by="instrument", hex=b"\x01C**\x02RS\x17\x04".hex()),
    Entry(t=0.15, by="gateway", hex=b"\x01CRK\x02SD\x17\x04\r".hex()),
    Entry(t=0.2, signals={"cts": True}),
    Entry(t=0.35, by="instrument", hex=summed([DAY]).hex()),
)


async def test_a_recording_is_played_back_with_its_pauses_and_waits_for_the_answer():
    ours, far = wires()
    decoder, events, at = Decoder("RK"), [], []
    began = time.monotonic()
    playing = asyncio.create_task(replay(ENTRIES, ours, "a.cap"))
    while len(events) < 2:
        for event in decoder.feed(await anext(aiter(far))):
            events.append(event)
            at.append(time.monotonic() - began)
            if isinstance(event, Request):
                await asyncio.sleep(0.3)
                await far.write(event.reply)

    assert await playing == 9 + len(summed([DAY]))
    assert events[1].raw == summed([DAY])
    assert (at[0] >= 0.1, at[1] >= 0.1 + 0.3 + 0.2) == (True, True)


async def test_fast_leaves_the_pauses_out_and_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr("firmware_sim.replaying.ANSWER_S", 0.05)
    ours, _ = wires()
    slow = (*ENTRIES, Entry(t=3600, by="instrument", hex="41"))

    assert await asyncio.wait_for(replay(slow, ours, "a.cap", fast=True), 5) == 10 + len(summed([DAY]))


async def test_into_a_folder_a_recording_is_one_file(tmp_path):
    await replay(ENTRIES, FolderWire(tmp_path), "a.xml.cap")
    assert (tmp_path / "a.xml").read_bytes() == b"\x01C**\x02RS\x17\x04" + summed([DAY])


async def test_a_recorder_writes_down_both_sides():
    ours, far = null_modem()
    heard = []
    recorder = Recorder(ours, heard.append)
    await far.write(b"a")
    assert await anext(aiter(recorder)) == b"a"
    await recorder.write(b"b")
    await recorder.watch()
    await far.aclose()

    assert [(entry.by, entry.data) for entry in heard] == [("instrument", b"a"), ("gateway", b"b")]


def test_the_expectation_is_written_beside_the_capture(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    (tmp_path / "a.bin").write_bytes(NAMED)
    assert main(["decode", "--expect", str(tmp_path / "a.bin")]) == 0
    expected = json.loads((tmp_path / "a.bin.expected.json").read_text())

    assert expected["dialect"] == "nidek_frame"
    assert expected["readings"][0]["left"]["sphere"] == "-1.25"
    assert "reading_id" not in expected["readings"][0]
    assert "read it, it is your word" in capsys.readouterr().err
