"""The figures of a gateway: how each is called on the wire, what it is called where it is kept, and what it means.

Names on the wire are one to three letters: a gateway says them 8,640 times a month.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gauge", "counter"]


@dataclass(frozen=True, slots=True)
class Figure:
    """``short`` travels in Vitals, ``name`` is kept. A counter grows within one run of the gateway."""

    short: str
    name: str
    kind: Kind
    unit: str
    meaning: str


GAUGES = (
    Figure("d", "outbox_depth", "gauge", "rows", "Rows that wait for the cloud's acknowledgement"),
    Figure("b", "outbox_bytes", "gauge", "bytes", "Size of the outbox on disk, with its write-ahead log"),
    Figure("o", "outbox_oldest_s", "gauge", "seconds", "Age of the oldest row that waits; 0 when none does"),
    Figure("x", "dead_letters", "gauge", "rows", "Rows that nobody will ever take, kept on the gateway"),
    Figure("f5", "fsync_p50_ms", "gauge", "milliseconds", "Median duration of the newest commits to disk (up to 512)"),
    Figure("f9", "fsync_p99_ms", "gauge", "milliseconds", "99th percentile of the same commits"),
    Figure("t", "temperature_c", "gauge", "°C", "Temperature of the processor; absent where the board has no sensor"),
    Figure(
        "th",
        "throttled",
        "gauge",
        "bits",
        "As the Raspberry Pi's firmware says it: 1 too little voltage, 2 slowed, 4 throttled, 8 warm; "
        "the same from 65536 up since start",
    ),
    Figure("m", "memory_bytes", "gauge", "bytes", "Memory of the gateway's process (resident set)"),
    Figure("df", "disk_free_bytes", "gauge", "bytes", "Room on the disk that holds the outbox"),
    Figure("c", "clock_error_ms", "gauge", "milliseconds", "Largest error of the clock; absent while not synced"),
    Figure(
        "bw", "blobs_waiting", "gauge", "blobs", "Pictures and volumes that wait for the cloud; absent before the first"
    ),
    Figure("bb", "blob_bytes", "gauge", "bytes", "Bytes of them that are still to go; likewise"),
    Figure("l", "loop_lag_ms", "gauge", "milliseconds", "Longest time the gateway's loop was late since the last look"),
)
COUNTERS = (
    Figure("cp", "rows_captured", "counter", "rows", "Captures and readings written to the outbox"),
    Figure("sn", "rows_sent", "counter", "rows", "Rows handed to the broker, repeats included"),
    Figure("ak", "rows_acknowledged", "counter", "rows", "Rows the cloud said it has"),
    Figure("rc", "reconnects", "counter", "times", "Connections to the broker after the first"),
    Figure("of", "offline_s", "counter", "seconds", "Time without a connection to the broker"),
    Figure("de", "dropped_events", "counter", "messages", "Events dropped because their part of the disk was full"),
    Figure("dt", "dropped_telemetry", "counter", "messages", "Telemetry dropped, likewise or for its age"),
    Figure("dl", "dropped_logs", "counter", "messages", "Log pieces dropped, likewise"),
    Figure("w", "written_bytes", "counter", "bytes", "Bytes this process had written to the disk (/proc/self/io)"),
)
INSTRUMENT = (
    Figure("ok", "frames_ok", "counter", "frames", "Transmissions understood and written to the outbox"),
    Figure("ga", "frames_garbled", "counter", "frames", "Transmissions nothing could be read from; bytes are kept"),
    Figure("no", "frames_refused", "counter", "frames", "Transmissions held back, unanswered, as the disk was full"),
    Figure("lo", "link_lost", "counter", "times", "Losses of the instrument's link"),
)
FIGURES = {figure.name: figure for figure in (*GAUGES, *COUNTERS, *INSTRUMENT)}
GAUGE_OF = {figure.short: figure for figure in GAUGES}
COUNTER_OF = {figure.short: figure for figure in COUNTERS}
INSTRUMENT_OF = {figure.short: figure for figure in INSTRUMENT}
