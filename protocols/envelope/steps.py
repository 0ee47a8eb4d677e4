"""What a device says of an examination while it performs it: events whose ``data`` is a Step (PS3.4 annex F).

They carry the numbers of orders and, where the device said it, whom it examined: only for the cloud to see that both
agree. Nothing of it is shown or kept among what a gateway says of itself.
"""

from typing import Annotated

import msgspec

from protocols.envelope.messages import Event, Malformed, Message
from protocols.envelope.worklist import Uid

STARTED, PERFORMED, DISCONTINUED = "step_started", "step_performed", "step_discontinued"
CODES = (STARTED, PERFORMED, DISCONTINUED)
MOST_ORDERS = 20
Text = Annotated[str, msgspec.Meta(max_length=64)]


class Ordered(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers of one order, as the device copied them; a device that was given none leaves both out."""

    accession: Text = ""
    study_uid: Text = ""


class Step(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One performed step, which may answer several orders.

    ``birth_date`` is written as DICOM or ISO 8601 does; ``why`` it was broken off is the device's own word.
    """

    uid: Uid
    orders: Annotated[list[Ordered], msgspec.Meta(min_length=1, max_length=MOST_ORDERS)]
    patient_id: Text = ""
    birth_date: Text = ""
    why: Text = ""


def step(event: Event) -> Step:
    """The step an event tells of. Raises Malformed."""
    try:
        return msgspec.convert(event.data, Step)
    except msgspec.ValidationError as refusal:
        raise Malformed(str(refusal)) from None
