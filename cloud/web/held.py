"""What an open page already holds need not be drawn and sent again.

A part of a living page names its look: a short digest of everything its drawing depends on. The page sends the
looks it holds along when it fetches itself anew (``X-Held``), and a part that still looks the same comes back as
an empty place that the page fills with what it holds (js/live.js).
"""

from datetime import UTC, datetime
from hashlib import blake2b

from flask import g, request

HEADER = "X-Held"


def look(*depends: object) -> str:
    """The digest of what a part's drawing depends on; today is in it, since dates are shown as a person says them."""
    told = "\x1f".join(map(str, (datetime.now(UTC).date(), *depends)))
    return blake2b(told.encode(), digest_size=8).hexdigest()


def held(look: str) -> bool:
    """Whether the page that asks holds this look already."""
    if "web_held" not in g:
        g.web_held = frozenset(request.headers.get(HEADER, "").split())
    return look in g.web_held
