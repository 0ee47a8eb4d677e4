"""What is learned of a gateway's clock after the fact."""

from typing import Annotated

import msgspec

from protocols.envelope.messages import Count, Message

CLOCK_FIX = "clock_fix"  # the code of the event whose ``data`` is a ClockFix

Signed = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


class ClockFix(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The clock of ``boot`` was synced: the event's ``at`` is the true time at ``mono_ns`` of its monotonic clock.

    ``offset_ms`` is by how much the time told before was moved, ``err_ms`` the largest error of ``at``.
    """

    boot: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    mono_ns: Count
    offset_ms: Signed
    err_ms: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
