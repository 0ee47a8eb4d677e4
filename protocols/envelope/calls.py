"""What the cloud orders of the callers of a store: call somebody, print a ticket; and what each caller answers.

``args`` of the orders ``call_patient`` and ``print_ticket``. Nothing of a person is in them but what the chain lets a
screen say.
"""

from typing import Literal

from msgspec import Struct, field

Lang = Literal["en", "zh"]
# DONE is what the order says of a device when it did its part; which word a page shows follows from its kind.
Outcome = Literal["waiting", "printed", "shown", "spoken", "failed"]


class Called(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is wanted somewhere.

    ``call`` is the same for every repeat, ``turn`` counts them from 1. ``who`` is a name as the chain allows it, or
    nothing. ``place`` is what people read on the door, by language; ``room`` its number where it has one, for voices
    that read numbers only. ``callers`` are the devices asked; all of the store that call, where it is empty.
    """

    call: str
    ticket: str
    station: str
    place: dict[Lang, str]
    turn: int = 1
    who: str = ""
    room: int | None = None
    languages: list[Lang] = field(default_factory=lambda: ["en"])
    callers: list[str] = field(default_factory=list)


class Printed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ticket: its number large, lines under it, a code that leads to one's own place in the queue."""

    ticket: str
    heading: str = ""
    lines: list[str] = field(default_factory=list)
    link: str = ""
    caller: str = ""


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one caller fared; ``why`` says what failed and what to do. ``at`` is the gateway's clock."""

    state: Outcome
    at: str
    why: str = ""


class Answers(Struct, frozen=True, kw_only=True):
    """The result of either order, by caller; told while it runs, too."""

    callers: dict[str, Answer]
