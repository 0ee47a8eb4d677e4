"""Blobs: bytes that travel beside the readings that name them, over HTTPS, when the line has room.

The gateway offers a hash on ``up/blob``, where its certificate speaks; the cloud answers on ``down/blob`` that it has
it, or with a ticket for it. ``PATCH /gateways/v1/blobs/{sha256}`` then appends at ``Upload-Offset`` until all is there;
the cloud hashes what it stored before it says 200, and sends ``have`` on ``down/blob`` as well. Every step may be
repeated.
"""

from typing import Annotated, Literal

import msgspec

from protocols.envelope.desired import Sha256
from protocols.envelope.messages import Message

MEDIA = r"^[a-z]+/[A-Za-z0-9][A-Za-z0-9.+-]{0,79}$"
MOST_BYTES = 4 * 1024 * 1024 * 1024
TOO_LARGE, REFUSED = "too_large", "refused"


class Offer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The gateway has these bytes."""

    sha256: Sha256
    bytes: Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]
    media_type: Annotated[str, msgspec.Meta(pattern=MEDIA)]


class Answer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """``have``: kept for good. ``send``: from ``offset`` on, to ``url`` with the bearer ``ticket``. ``no``: never."""

    sha256: Sha256
    state: Literal["have", "send", "no"]
    url: str | None = None
    ticket: str | None = None
    offset: int = 0
    why: str | None = None
