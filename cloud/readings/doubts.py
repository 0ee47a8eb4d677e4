"""What a clinician should notice before trusting a reading. Derived when shown, never stored over what was said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from cloud.readings import plausible
from cloud.readings.plausible import Doubt as Doubt
from protocols.readings import Autorefraction, Reading, Tonometry

RULE = "doubts/2"
# Makers give confidence from 1 to 9 and name no limit; this one is ours and a chain may change it.
LOW_CONFIDENCE = 5
CLOCK_DRIFT = timedelta(seconds=5)


def of(reading: Reading, captured_at: datetime, arrived_at: datetime, clock_state: str, why: str | None) -> list[Doubt]:
    """Every doubt about a reading, worst first."""
    return [
        *_of_filing(why),
        *_of_bytes(reading),
        *_of_values(reading),
        *plausible.of(reading),
        *_of_clock(captured_at, arrived_at, clock_state),
        *(Doubt(note.code, note.text) for note in reading.notes),
    ]


def _of_filing(why: str | None) -> Iterator[Doubt]:
    words = {
        "unknown_record_number": _("The instrument sent a record number that no patient has."),
        "chair_contradicts_record_number": _(
            "The instrument sent another patient's record number than the one in the chair."
        ),
        "order_not_known": _("Order not known: nobody here ordered the accession number that the instrument sent."),
        "order_contradicts_itself": _(
            "The accession number and the study that the instrument sent are not of one order."
        ),
        "order_of_another_store": _("The order it names was given in another store."),
        "order_contradicts_record_number": _(
            "The instrument sent another patient's record number than the one of the order."
        ),
        "order_contradicts_birth_date": _(
            "The instrument sent another birth date than the one of the order's patient."
        ),
        "chair_contradicts_order": _("The order it names is another patient's than the one in the chair."),
    }
    if why in words:
        yield Doubt(why, words[why])


def _of_bytes(reading: Reading) -> Iterator[Doubt]:
    if reading.integrity.checksum == "bad":
        yield Doubt("checksum_bad", _("The checksum is wrong: digits may have changed on the way. Measure again."))


def _of_values(reading: Reading) -> Iterator[Doubt]:
    for eye, name in ((reading_eye(reading, "right"), "OD"), (reading_eye(reading, "left"), "OS")):
        if (
            isinstance(reading, Autorefraction)
            and eye
            and eye.confidence is not None
            and eye.confidence < LOW_CONFIDENCE
        ):
            yield Doubt(
                "low_confidence", _("%(eye)s: the instrument is unsure (confidence %(n)s).", eye=name, n=eye.confidence)
            )
        if isinstance(reading, Tonometry) and eye and any(one.doubtful for one in eye.readings):
            yield Doubt("doubtful_puff", _("%(eye)s: the instrument marked a pressure as doubtful.", eye=name))


def _of_clock(captured_at: datetime, arrived_at: datetime, clock_state: str) -> Iterator[Doubt]:
    ahead = captured_at - arrived_at
    if ahead > CLOCK_DRIFT:
        yield Doubt("clock_ahead", _("The store's clock runs ahead; the time shown may be wrong."))
    if clock_state == "floor":
        yield Doubt("clock_unset", _("The store's clock was not set; the time shown may be wrong."))


def reading_eye(reading: Reading, side: str) -> Any:
    """The right or left half of a reading, or None."""
    return getattr(reading, side, None)
