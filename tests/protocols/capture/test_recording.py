"""Recordings: written, read, and told where they break off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.capture import Entry, Head, NoCapture, Recording, dump, load, looks_recorded
from protocols.framing import Transmission
from protocols.keeler import Decoder
from tests.protocols.keeler.test_pressures import PRINT_OUT

HEAD = Head(emmetra_capture=1, began="2026-01-02T03:04:05Z", line="9600 8E1", dtr=True, rts=True)
times = st.floats(0, 1e6, allow_nan=False)
said = st.builds(
    lambda t, by, data: Entry(t=t, by=by, hex=data.hex(" ")),
    times,
    st.sampled_from(["instrument", "gateway"]),
    st.binary(),
)
stood = st.builds(lambda t, on: Entry(t=t, signals={"cts": on}), times, st.booleans())


@given(st.lists(said | stood))
def test_what_is_written_is_read(entries):
    recording = Recording(HEAD, tuple(entries))

    assert load(dump(recording)) == recording
    assert looks_recorded(dump(recording))
    assert recording.heard == b"".join(entry.data for entry in entries if entry.by == "instrument")


def test_a_recording_can_be_read_by_a_person():
    text = dump(Recording(HEAD, (Entry(t=0.25, by="instrument", hex="01 44"),))).decode()

    assert text.splitlines() == [
        '{"emmetra_capture":1,"began":"2026-01-02T03:04:05Z","line":"9600 8E1","dtr":true,"rts":true}',
        '{"t":0.25,"by":"instrument","hex":"01 44"}',
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "line 1"),
        (b'{"emmetra_capture":2}\n', "version 2 of the format; version 1 is known"),
        (b'{"emmetra_capture":1}\n\n{"t":1,"by":"somebody"}\n', "line 3"),
        (b'{"emmetra_capture":1}\n{"t":1,"by":"instrument","hex":"0"}\n', "line 2"),
        (b'{"emmetra_capture":1}\n{"t":1,"bi":"instrument"}\n', "line 2"),
        (b"\xff\xfe", "line 1"),
    ],
)
def test_a_file_that_breaks_off_says_in_which_line(data, says):
    with pytest.raises(NoCapture, match=says):
        load(data)


@pytest.mark.parametrize(("gap", "transmissions"), [(5.0, 2), (0.1, 1)])
def test_a_quiet_in_the_recording_parts_what_only_quiet_parts(gap, transmissions):
    entries = [Entry(t=at, by="instrument", hex=PRINT_OUT.hex()) for at in (0.0, gap)]
    events = list(Recording(HEAD, tuple(entries)).events(Decoder()))

    assert sum(isinstance(event, Transmission) for event in events) >= transmissions
    assert events[0].raw == PRINT_OUT or gap < 1


@given(st.lists(said, min_size=1))
def test_other_words_stand_where_the_first_stood(entries):
    recording = Recording(HEAD, tuple(entries))
    other = bytes(byte ^ 1 for byte in recording.heard)
    changed = recording.saying(other)

    assert (changed.heard, changed.head.blanked) == (other, True)
    assert [(e.t, e.by, len(e.data)) for e in changed.entries] == [(e.t, e.by, len(e.data)) for e in entries]
