"""What is said about a capture when the patient is taken out of it: blanked, never there, or nobody knows."""

import pytest

from deploy.cli import main
from edge.capture.blanking import SURE, Unblanked, blanked
from edge.discovery import candidates
from firmware_sim import dgh
from protocols.capture import Entry, Head, Recording
from tests.protocols.nidek_frame.frames import block, heading, summed
from tests.protocols.nidek_rt.printed import printed

NAMED = printed("@RT", "FR- 3.50- 0.75 85", heading="NIDEK RT-5100 IDH-1001       DA2016/ 9/ 7")
DIGITS = dgh.example("DGH 550", ("pachymetry",))


def recorded(*said, by="instrument"):
    entries = tuple(Entry(t=float(at), by=by, hex=one.hex()) for at, one in enumerate(said))
    return Recording(Head(emmetra_capture=1), entries)


def test_a_dialect_that_knows_the_patient_takes_it_out_without_a_word():
    recording, remarks = blanked(recorded(NAMED))

    assert (b"H-1001" in recording.heard, remarks) == (False, ())
    assert recording.head.blanked


def test_a_dialect_that_carries_no_patient_says_so():
    recording, remarks = blanked(recorded(DIGITS))

    assert recording.heard == DIGITS
    assert remarks == (
        "The dialect dgh carries no patient; nothing had to be blanked. "
        "A line holds digits of thicknesses alone (manual, appendix B).",
    )


def test_bytes_that_nobody_could_read_are_told_with_their_number():
    recording, remarks = blanked(recorded(NAMED, b"Mueller, Anna"))

    assert b"Mueller, Anna" in recording.heard
    assert remarks == ("13 bytes could not be read; a patient may still stand in them. Look before you hand them on.",)


def test_fields_that_nobody_knows_are_told():
    data = summed([block("DRM", *heading(), "ZZMueller", "OL-01.25-00.25000")])
    assert ["Fields that nobody knows" in one for one in blanked(recorded(data)).remarks] == [True]


def test_what_we_said_is_blanked_too():
    said = b"\x01DRL\x02ID      H-1001\x17\x04"
    both = Recording(Head(emmetra_capture=1), (*recorded(said, by="gateway").entries, *recorded(NAMED).entries))
    ours, theirs = blanked(both).recording.entries

    assert (b"H-1001" in ours.data, len(ours.data)) == (False, len(said))
    assert b"H-1001" not in theirs.data


@pytest.mark.parametrize("data", [b"", b"Mueller, Anna", b"\x01NIDEK RT-5100 IDMueller"])
def test_where_nobody_is_sure_nothing_is_blanked(data):
    assert candidates(data)[0].recognition.score < SURE
    with pytest.raises(Unblanked):
        blanked(recorded(data))


def test_a_dialect_that_says_neither_is_told_not_to_know(monkeypatch):
    monkeypatch.delattr("protocols.dgh.NO_PATIENT")
    with pytest.raises(Unblanked, match="does not know yet"):
        blanked(recorded(DIGITS))


def run(tmp_path, data):
    (tmp_path / "a").write_bytes(data)
    return main(["blank", str(tmp_path / "a"), "-o", str(tmp_path / "b")])


def test_the_command_writes_and_says_what_it_could_not_judge(tmp_path, capsys):
    assert run(tmp_path, NAMED + b"Mueller") == 0
    assert b"H-1001" not in (tmp_path / "b").read_bytes()
    assert "emmetra blank: 7 bytes could not be read" in capsys.readouterr().err


def test_the_command_says_that_nothing_had_to_be_blanked(tmp_path, capsys):
    assert run(tmp_path, DIGITS) == 0
    assert (tmp_path / "b").read_bytes() == DIGITS
    assert "carries no patient; nothing had to be blanked" in capsys.readouterr().err


def test_the_command_says_not_blanked_and_writes_nothing(tmp_path, capsys):
    assert run(tmp_path, b"Mueller, Anna") == 1
    assert not (tmp_path / "b").exists()
    assert "NOT BLANKED" in capsys.readouterr().err
