"""A store's queue for its gateway, which goes on with it without the internet; and what the gateway did meanwhile.

Down, retained on ``down/queue``: a Book, whole, packed (zlib). Up, on ``up/e``: events ``queue_kept``, each an Entry.
No name is in either but what the chain lets a screen say. Moments are ISO 8601, UTC; amounts are minor units.
"""

import zlib
from typing import Annotated, Literal

import msgspec

from protocols.envelope.calls import Answer, Lang
from protocols.envelope.messages import Count, Malformed, Message, Positive, decode, encode
from protocols.queue.turns import Turn

KEPT = "queue_kept"
LONGEST = 4 << 20  # bytes of a book; a full store's has a hundredth of it

Names = dict[Lang, str]
Letter = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]$")]
Ticket = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][0-9]{3}$")]
# A row of the cloud by its number; a stay or step that a gateway began by the number of that entry, negative.
Ref = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
Said = Annotated[str, msgspec.Meta(max_length=200)]
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class Door(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A door or counter people are called to; ``number`` is what a voice says and a button's key names."""

    id: Positive
    names: Names
    number: int | None = None


class Place(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A station; ``calls`` is how many were called there on the book's day, ``paid_first`` as the cloud has it."""

    id: Positive
    sort: str
    names: Names
    doors: list[Door] = []
    paid_first: bool = False
    calls: Count = 0


class Offer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of registration: the letter of its tickets, the station where one begins."""

    code: str
    names: Names
    letter: Letter
    first: Positive
    priority: int = 0
    fee: Minor = 0


class Numbers(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Numbers of a letter that this gateway alone gives on a day; ``given`` is the last the cloud knows of."""

    day: str
    letter: Letter
    first: Count
    last: Count
    given: Count


class Part(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a stay that is not over. ``for_`` names whom it is for alone; ``call`` how callers know its call."""

    id: Ref
    station: Positive
    machine: str
    state: str
    since: str = ""
    queued_at: str = ""
    desk: int | None = None
    not_before: Count = 0
    turn: Count = 0
    for_: str = ""
    call: str = ""


class Guest(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who is in the store: ``who`` is what may be said of them, ``due`` what is still to be paid.

    ``passed``: nobody is held back for it.
    """

    id: Ref
    ticket: Ticket
    arrived_at: str
    due_at: str = ""
    priority: int = 0
    who: str = ""
    due: Minor = 0
    passed: bool = False
    parts: list[Part] = []


class Safe(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How far the entries of a holding are kept in the cloud; ``ended``: the cloud calls again by itself."""

    hold: str
    n: Count
    ended: bool = False


class Book(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A store's day. ``version`` only grows; ``zone`` is IANA; ``heading`` stands on tickets."""

    version: Positive
    zone: str
    day: str
    made_at: str
    rule: Turn
    heading: str
    currency: str
    languages: list[Lang]
    places: list[Place]
    offers: list[Offer]
    numbers: list[Numbers]
    guests: list[Guest]
    safe: Safe | None = None


class Change(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A stay or a step became something else; ``was`` is empty where it began. The others change with it."""

    of: Literal["stay", "step"]
    id: Ref
    was: str = ""
    becomes: str
    desk: int | None = None
    turn: int | None = None
    queued_at: str | None = None
    not_before: int | None = None


class Came(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody came, under a number of the gateway's own; stay and step bear the number of the entry."""

    offer: str
    ticket: Ticket
    day: str
    due_at: str = ""
    button: bool = False


class Sent(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A new step of a stay at a station, in its line since ``queued_at``; it bears the number of the entry."""

    stay: Ref
    station: Positive
    queued_at: str


class Made(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A call: of which step, which turn of it, to which door."""

    step: Ref
    call: Annotated[str, msgspec.Meta(max_length=36)]
    turn: Positive
    desk: int | None = None
    who: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Answered(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How the store's callers fared with a turn of a call."""

    call: Annotated[str, msgspec.Meta(max_length=36)]
    turn: Positive
    callers: dict[str, Answer]


class Cleared(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What was said of what a stay owes: ``paid`` so much, or ``overridden`` (an emergency passes)."""

    stay: Ref
    what: Literal["paid", "overridden"]
    amount: Minor = 0


class Entry(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One thing done at a gateway while it held the queue. ``n`` counts from 1 within ``hold``, without a hole.

    Everything in it is taken over together or not at all. ``took``: it began to hold; ``gave``: it hands the queue
    back and does nothing more until the book says so. ``why`` is a person's words, ``by`` who they say they are.
    """

    hold: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    n: Positive
    at: str
    what: Literal["took", "gave", "came", "called", "moved", "sent", "cleared", "answered"]
    through: Literal["gateway", "button"] = "gateway"
    version: Count = 0
    by: Annotated[str, msgspec.Meta(max_length=60)] = ""
    why: Said = ""
    came: Came | None = None
    sent: Sent | None = None
    made: Made | None = None
    answered: Answered | None = None
    cleared: Cleared | None = None
    changes: list[Change] = []


def pack(book: Book) -> bytes:
    """As it is left on the topic: a tenth of its JSON, since a busy store has another every few seconds."""
    return zlib.compress(encode(book))


def unpack(payload: bytes) -> Book:
    """Read it again. Raises Malformed."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(payload, LONGEST)
    except zlib.error:
        raise Malformed("the book of the queue cannot be unpacked") from None
    if not unpacking.eof:
        raise Malformed("the book of the queue is cut short or too long")
    return decode(Book, text)
