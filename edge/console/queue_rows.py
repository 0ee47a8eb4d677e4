"""One person in a line, as the queue's pages show them: the number large, what decides their turn, what one may do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.console import pages
from edge.console.door import Session
from edge.console.markup import Html, tag
from edge.console.words import Words
from edge.queue import Clockwork
from edge.queue.day import Day, Row, moment
from protocols.envelope.queue import Door, Place
from protocols.queue.words import SERVED, Step

STATES: Mapping[str, str] = {
    Step.WAITING: "queue_waits",
    Step.RETURNED: "queue_returned",
    Step.CALLED: "queue_called",
    Step.SERVING: "queue_inside",
    Step.IN_ROOM: "queue_inside",
    Step.EXAM_DRAFT: "queue_examined",
    Step.REVIEWING: "queue_examined",
    Step.SIGNED: "queue_signed",
    Step.HELD: "queue_on_hold",
    Step.MISSED: "queue_missed",
    Step.ORDERS_PLACED: "queue_at_tests",
}
CALL_NOW, DONE, BACK = ("this", "queue_call_now"), ("done", "queue_done"), ("back", "queue_back")
# What is offered in a state; whether it fits is decided when it is sent.
OFFERED: Mapping[str, tuple[tuple[str, str], ...]] = {
    Step.WAITING: (CALL_NOW, ("begin", "queue_take_in")),
    Step.RETURNED: (CALL_NOW,),
    Step.CALLED: (("begin", "queue_is_here"), ("this", "queue_again"), ("missed", "queue_did_not_come")),
    Step.SERVING: (DONE,),
    Step.IN_ROOM: (DONE,),
    Step.SIGNED: (DONE,),
    Step.HELD: (BACK,),
    Step.MISSED: (CALL_NOW, BACK),
    Step.ORDERS_PLACED: (("back", "queue_is_back"),),
}
FATES = {
    **{"waiting": "queue_fate_waiting", "printed": "queue_fate_printed", "shown": "queue_fate_shown"},
    **{"spoken": "queue_fate_spoken", "failed": "queue_fate_failed"},
}
AT_A_DOOR = (Step.CALLED, *SERVED)
PRIORITIES = {1: "queue_first", 2: "queue_emergency"}


@dataclass(frozen=True, slots=True)
class Where:
    """Which part of the queue a page is about: a door one sits behind, a station, or all of it."""

    path: str = ""
    station: int | None = None
    door: int | None = None

    @classmethod
    def of(cls, path: str, day: Day | None) -> "Where | None":
        """By its address; nothing where there is no such place."""
        what, _slash, number = path.partition("/")
        if path == "" or day is None or not number.isdecimal():
            return cls() if path == "" else None
        if what == "door" and (found := day.door(int(number))):
            return cls(path, found[0].id, found[1].id)
        return cls(path, int(number)) if what == "station" and int(number) in day.places else None

    def doors(self, place: Place) -> list[Door]:
        """Doors of a station that somebody may call to from here."""
        mine = [one for one in place.doors if one.id == self.door]
        return mine or place.doors


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks at what, when."""

    words: Words
    session: Session
    clockwork: Clockwork
    at: str

    @property
    def day(self) -> Day | None:
        """The queue as it is here; None where there is none."""
        return self.clockwork.holder.day

    @property
    def is_calling(self) -> bool:
        """Whether anything may be done here."""
        return self.clockwork.holder.is_calling

    def named(self, one: Place | Door) -> str:
        """As the store reads it."""
        names = {str(language): name for language, name in one.names.items()}
        return names.get(self.words.language) or next(iter(names.values()), str(one.id))


def line(look: Looking, day: Day, row: Row, where: Where) -> Html:
    """Somebody at a station."""
    ticket = tag("h3", row.guest.ticket, class_="ticket")
    facts = tag("p", " · ".join(facts_of(look, day, row)))
    head = tag("div", ticket, facts, class_="row")
    deeds = _deeds(look, day, row, where) if look.is_calling else None
    return tag("li", head, fates(look, day, row), deeds, id=f"step{row.part.id}", class_="one")


def facts_of(look: Looking, day: Day, row: Row) -> Iterator[str]:
    """What decides when somebody is called, in words."""
    words, guest, part = look.words, row.guest, row.part
    since = part.since if part.state not in (Step.WAITING, Step.RETURNED) else part.queued_at
    yield words(STATES.get(part.state, "queue_waits"))
    yield from [look.named(there[1])] if (there := day.door(part.desk)) and part.state in AT_A_DOOR else []
    yield words("queue_since", time=day.clock(since or guest.arrived_at))
    yield from [guest.who] if guest.who else []
    yield from [words("queue_due", time=day.clock(guest.due_at))] if guest.due_at else []
    yield from [words(PRIORITIES[guest.priority])] if guest.priority in PRIORITIES else []
    yield from [words("queue_for", name=part.for_)] if part.for_ else []
    yield from [words("queue_turn", n=part.turn)] if part.turn else []
    yield from [owed(look, day, row)] if guest.due else []


def owed(look: Looking, day: Day, row: Row) -> str:
    """What is still to be paid."""
    word = "queue_passed" if row.guest.passed else "queue_owes"
    return look.words(word, amount=f"{row.guest.due / 100:.2f}", currency=day.book.currency)


def fates(look: Looking, day: Day, row: Row) -> Html | None:
    """How each caller fares with the call of somebody who is called."""
    call = row.part.call if row.part.state == Step.CALLED else ""
    found = look.clockwork.holder.summons.live.get(call) or day.answers.get(call)
    rows = [_fate(look, name, one.state, one.why) for name, one in (found.callers if found else {}).items()]
    return tag("ul", rows, class_="fates", aria_label=look.words("queue_fates")) if rows else None


def _fate(look: Looking, name: str, state: str, why: str) -> Html:
    told = f"{name} {look.words(FATES[state])}".strip()
    more = tag("span", why, class_="quiet", lang="en") if why else None
    return tag("li", tag("strong", told, class_="bad" if state == "failed" else None), " ", more)


def _deeds(look: Looking, day: Day, row: Row, where: Where) -> Html:
    """Buttons, one form; more is on a page of its own."""
    doors = where.doors(day.places[row.part.station])
    door = doors[0].id if len(doors) == 1 else None
    homeless = len(doors) > 1 and row.part.desk is None  # nobody has said yet to which of its doors one calls
    offered = [one for one in OFFERED.get(row.part.state, ()) if not (homeless and one == CALL_NOW)]
    buttons = [_button(look, row, *one) for one in offered]
    label = f"{look.words('queue_more')}: {row.guest.ticket}"
    more = pages.link(f"/queue/step/{row.part.id}", look.words("queue_more"), label)
    return form(look, day, row, where.path, *buttons, more, door=door, class_="row")


def _button(look: Looking, row: Row, deed: str, word: str) -> Html:
    """What is done most stands out: who is called is here, who is inside is done."""
    plain = None if word in ("queue_is_here", "queue_done") else "plain"
    label = f"{look.words(word)}: {row.guest.ticket}"
    return tag("button", look.words(word), name="deed", value=deed, class_=plain, aria_label=label)


def form(look: Looking, day: Day, row: Row, here: str, *body: Any, door: int | None = None, **more: Any) -> Html:
    """A form about somebody; what was seen of them goes with it."""
    seen = max(day.touched.get(("step", row.part.id), 0), day.touched.get(("stay", row.guest.id), 0))
    fields = hidden(here=here, seen=seen, **({"door": door} if door else {}))
    return pages.form(f"/queue/step/{row.part.id}", look.session, *fields, *body, **more)


def hidden(**told: object) -> list[Html]:
    """What goes with a form unseen."""
    return [tag("input", type="hidden", name=name.rstrip("_"), value=str(value)) for name, value in told.items()]


def is_early(day: Day, row: Row, at: str) -> bool:
    """Whether somebody was called only just now."""
    return (moment(at) - moment(row.part.since or at)).total_seconds() < day.book.rule.apart_s
