"""What can be done while this gateway holds the queue: from a day and a wish to the entry that says what was done.

Each does what the cloud does (``cloud.queue.calling``, ``services``, ``gates``). Pure: who keeps the log applies it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Literal

from edge.queue.day import Day, Row, moment
from edge.queue.moves import Draft, first
from edge.queue.refusals import Refused
from edge.stamp import uuid7
from protocols.envelope.queue import Answered, Came, Cleared, Entry, Guest, Made, Place, Sent
from protocols.queue.words import Machine, Step

Deed = Callable[[Day, str], Entry]
LONGEST_WHY, LONGEST_NAME = 200, 60


@dataclass(frozen=True, slots=True)
class Hand:
    """Who asks. ``seen`` is the last entry when the page was made; a button has seen nothing. ``door`` may be none."""

    door: int | None = None
    seen: int | None = None
    through: Literal["gateway", "button"] = "gateway"
    by: str = ""
    why: str = ""


def entry(day: Day, at: str, what: Any, **told: Any) -> Entry:
    """The next entry of the holding."""
    return Entry(hold=day.hold, n=day.n + 1, at=at, what=what, **told)


def took(day: Day, at: str) -> Entry:
    """The same holding goes on."""
    return entry(day, at, "took", version=day.book.version)


def gave(day: Day, at: str) -> Entry:
    """The queue is handed back. Raises Refused."""
    _calls(day)
    return entry(day, at, "gave")


def next_(day: Day, at: str, hand: Hand, station: int, for_: str = "") -> Entry:
    """Call whose turn it is, those who wait for somebody else in particular left out. Raises Refused."""
    place = _station(day, station, hand)
    _unchanged(day, hand, ("door", hand.door or -station))
    for row in day.line(station, at):
        if row.part.for_ in ("", for_) and not owes(row.guest, place):
            return _call(day, at, hand, row)
    raise Refused("nobody")


def this(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """Call somebody out of turn, or once more: another turn of the same call. Raises Refused."""
    row = _row(day, at, hand, step)
    _paid(row.guest, _station(day, row.part.station, hand, is_calling=row.part.desk is None))
    return _call(day, at, hand, row)


def _call(day: Day, at: str, hand: Hand, row: Row) -> Entry:
    part, door = row.part, hand.door or row.part.desk
    draft, turn = Draft(row.guest, at), part.turn + 1
    draft.move(part.id, Step.CALLED, desk=door, turn=turn)
    call = part.call if turn > 1 and part.call else uuid7()
    made = Made(step=part.id, call=call, turn=turn, desk=door, who=row.guest.who[:LONGEST_NAME])
    return entry(day, at, "called", through=hand.through, made=made, changes=draft.changes)


def missed(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """Nobody came. They wait in line again, behind some others, or are given up with their last call."""
    row, rule = _row(day, at, hand, step), day.book.rule
    draft = Draft(row.guest, at)
    draft.move(step, Step.MISSED)
    if row.part.turn < rule.calls:
        draft.move(step, Step.WAITING, not_before=day.calls(row.part.station, at) + rule.behind)
    return _moved(day, at, hand, draft)


def begin(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """They are here, and somebody serves them. Raises Refused."""
    row = _row(day, at, hand, step)
    _paid(row.guest, _station(day, row.part.station, hand, is_calling=False))
    draft = Draft(row.guest, at)
    draft.move(step, Step.IN_ROOM if row.part.machine == Machine.DOCTOR else Step.SERVING, desk=hand.door)
    return _moved(day, at, hand, draft)


def done(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """This step is over: they go on to the next, back to their doctor, or home. Raises Refused."""
    row = _row(day, at, hand, step)
    draft = Draft(row.guest, at)
    draft.move(step, Step.DISCHARGED if row.part.machine == Machine.DOCTOR else Step.DONE)
    draft.go_on(day.places)
    return _moved(day, at, hand, draft)


def hold(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """They wait for something that is no station. Raises Refused."""
    draft = Draft(_row(day, at, hand, step).guest, at)
    draft.move(step, Step.HELD)
    return _moved(day, at, hand, draft)


def back(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """In line again, as from now; back from tests in the line of their doctor. Raises Refused."""
    row = _row(day, at, hand, step)
    draft = Draft(row.guest, at)
    draft.wait(step, first(row.part, Step.WAITING, Step.RETURNED))
    return _moved(day, at, hand, draft)


def send_on(day: Day, at: str, hand: Hand, step: int, station: int) -> Entry:
    """On to another station, with the place their waiting has earned; a doctor with an open record waits for them."""
    row = _row(day, at, hand, step)
    if station not in day.places or station == row.part.station:
        raise Refused("unknown")
    draft, since = Draft(row.guest, at), row.part.queued_at if row.part.state == Step.WAITING else ""
    draft.move(step, first(row.part, Step.MOVED, Step.ORDERS_PLACED))
    awaited = next((one.id for one in draft.open() if (one.station, one.state) == (station, Step.PLANNED)), None)
    if awaited is not None:
        draft.move(awaited, Step.WAITING, queued_at=since or at)
        return entry(day, at, "sent", through=hand.through, changes=draft.changes)
    sent = Sent(stay=row.guest.id, station=station, queued_at=since or at)
    return entry(day, at, "sent", through=hand.through, sent=sent, changes=draft.changes)


def gone(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """They went away without being done, from every station. Raises Refused."""
    draft = Draft(_row(day, at, hand, step).guest, at)
    draft.leave()
    return _moved(day, at, hand, draft)


def come(day: Day, at: str, hand: Hand, code: str, due: str = "") -> Entry:
    """Somebody is here: a number of this gateway's own. ``due`` is HH:MM of today. Raises Refused."""
    _calls(day)
    offer = next((one for one in day.book.offers if one.code == code and one.first in day.places), None)
    if offer is None:
        raise Refused("unknown")
    today = day.today(at)
    number = next((number for _lease, number in day.left(today, offer.letter)), None)
    if number is None:
        raise Refused("numbers")
    told: dict[str, Any] = {"due_at": _due(day, today, due), "button": hand.through == "button"}
    came = Came(offer=code, ticket=f"{offer.letter}{number:03}", day=today, **told)
    return entry(day, at, "came", through=hand.through, came=came)


def paid(day: Day, at: str, hand: Hand, step: int, amount: int) -> Entry:
    """Money was taken, in minor units: not more than is due. Raises Refused."""
    guest = _row(day, at, hand, step).guest
    _unchanged(day, hand, ("stay", guest.id))
    if not 0 < amount <= guest.due:
        raise Refused("amount")
    return entry(day, at, "cleared", cleared=Cleared(stay=guest.id, what="paid", amount=amount))


def let_pass(day: Day, at: str, hand: Hand, step: int) -> Entry:
    """An emergency passes unpaid, with a name and a reason; what is owed stays owed. Raises Refused."""
    guest = _row(day, at, hand, step).guest
    by, why = hand.by.strip()[:LONGEST_NAME], hand.why.strip()[:LONGEST_WHY]
    if not (by and why):
        raise Refused("reason")
    if not guest.due or guest.passed:
        raise Refused("moved")
    return entry(day, at, "cleared", by=by, why=why, cleared=Cleared(stay=guest.id, what="overridden"))


def answered(day: Day, at: str, found: Answered) -> Entry:
    """Every caller has answered. Raises Refused."""
    _calls(day)
    return entry(day, at, "answered", answered=found)


def owes(guest: Guest, place: Place) -> bool:
    """Whether somebody is held back at a station until they have paid."""
    return place.paid_first and guest.due > 0 and not guest.passed


def _calls(day: Day) -> None:
    if not day.is_calling:
        raise Refused("giving" if day.gives else "cloud")


def _row(day: Day, at: str, hand: Hand, step: int) -> Row:
    """The step of somebody who is here, as it was when the page was made. Raises Refused."""
    _calls(day)
    row = day.row(step, at)
    if row is None:
        raise Refused("moved")
    _unchanged(day, hand, ("step", step))
    return row


def _unchanged(day: Day, hand: Hand, what: tuple[str, int]) -> None:
    if hand.seen is not None and day.touched.get(what, 0) > hand.seen:
        raise Refused("moved")


def _station(day: Day, station: int, hand: Hand, *, is_calling: bool = True) -> Place:
    """A station, and that the door is one of its own; who calls calls to a door where there is any. Raises Refused."""
    _calls(day)
    place, found = day.places.get(station), day.door(hand.door)
    if place is None or (hand.door is not None and (found is None or found[0].id != station)):
        raise Refused("unknown")
    if is_calling and hand.door is None and place.doors:
        raise Refused("door")
    return place


def _paid(guest: Guest, place: Place) -> None:
    if owes(guest, place):
        raise Refused("unpaid")


def _moved(day: Day, at: str, hand: Hand, draft: Draft) -> Entry:
    return entry(day, at, "moved", through=hand.through, changes=draft.changes)


def _due(day: Day, today: str, clock: str) -> str:
    """A time of today on the store's wall, as a moment. Raises Refused."""
    if not clock.strip():
        return ""
    try:
        wall = moment(f"{today}T{clock.strip():0>5}:00").replace(tzinfo=day.zone)
    except ValueError:
        raise Refused("time") from None
    return f"{wall.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
