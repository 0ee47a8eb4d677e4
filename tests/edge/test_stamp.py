"""The identity a reading gets where its bytes arrive."""

import time
import uuid

from edge.stamp import stamp, uuid7
from protocols.nidek_frame import decode
from tests.protocols.nidek_frame.frames import MANUAL_LM1000P


def test_an_identity_is_a_version_7_uuid_of_this_moment():
    made = uuid.UUID(uuid7())

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) / 1000 - time.time()) < 5


def test_no_two_identities_are_alike():
    assert len({uuid7() for _ in range(1000)}) == 1000


def test_identities_sort_by_birth():
    earlier = uuid7()
    time.sleep(0.003)

    assert earlier < uuid7()


def test_a_better_clock_may_say_when_a_reading_was_received():
    reading = decode(MANUAL_LM1000P)[0].readings[0]

    assert stamp(reading, "2024-02-05T14:07:00.000Z").received_at == "2024-02-05T14:07:00.000Z"
    assert stamp(reading).received_at.endswith("Z")
