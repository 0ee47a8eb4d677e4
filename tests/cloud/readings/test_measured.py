"""When a reading was measured: heard at once, or read out long after."""

from datetime import UTC, datetime

import pytest

from cloud.readings.queries import Shown
from protocols import readings

HEARD = datetime(2026, 5, 4, 10, tzinfo=UTC)


HEADED = {
    "instrument": readings.Instrument(maker="Nidek", model="NT-530", dialect="nidek_nt"),
    "integrity": readings.Integrity(checksum="ok", raw_sha256="0" * 64),
}


def shown(measured_at):
    known = {"reading": readings.Tonometry(**HEADED, measured_at=measured_at), "captured_at": HEARD}
    return Shown(**dict.fromkeys(Shown.__dataclass_fields__) | known)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (None, (HEARD, False)),
        ("04.05.2026", (HEARD, False)),
        ("2026-05-04T09:58:00", (HEARD, False)),
        ("2031-01-01T00:00:00", (HEARD, False)),
        ("2024-02-03T09:30:00", (datetime(2024, 2, 3, 8, 30, tzinfo=UTC), True)),
        ("2024-02-03T09:30:00+02:00", (datetime(2024, 2, 3, 7, 30, tzinfo=UTC), True)),
    ],
)
def test_an_instrument_is_believed_when_it_says_that_it_was_long_ago(said, found):
    assert shown(said).measured("Europe/Berlin") == found
