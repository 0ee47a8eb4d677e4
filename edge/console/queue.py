"""The store's queue on the gateway's page: who answers which path, and what a form has done.

While the cloud calls people the page shows the book; while this gateway does, it is the store's work list.
"""

import asyncio
import re
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from edge.console import queue_pages as shown
from edge.console.door import Session
from edge.console.queue_rows import Looking, Where
from edge.console.words import Words
from edge.http.serving import Request, Response, see
from edge.queue import Clockwork, deeds
from edge.queue.day import Day
from edge.queue.deeds import Hand
from edge.queue.refusals import Refused
from protocols.envelope.queue import Entry

REMEMBERED = 64  # forms of people who came; one that is sent twice is one person
STEP = re.compile(r"step/-?[0-9]{1,18}", re.ASCII)
Given = Mapping[str, str]


class Desk:
    """For whoever is in."""

    def __init__(self, clockwork: Clockwork) -> None:
        self._clockwork, self._holder = clockwork, clockwork.holder
        self._came: OrderedDict[str, asyncio.Task[tuple[str, str]]] = OrderedDict()

    def show(self, path: str, words: Words, session: Session, trouble: str = "", status: int = 200) -> Response | None:
        """A page below ``/queue``; nothing where there is none."""
        look = self._look(words, session)
        if path == "in" and look.is_calling:
            return Response(shown.coming(look, trouble), status)
        if path.startswith("step/"):
            page = shown.person(look, int(path[5:]), trouble) if STEP.fullmatch(path) else None
            trouble = trouble or words("queue_no_moved")
            return Response(page, status) if page else self.show("", words, session, trouble, status)
        where = Where.of(path, look.day)
        return None if where is None else Response(shown.whole(look, where, trouble), status)

    def part(self, path: str, words: Words, session: Session) -> Response:
        """What changes by itself."""
        look = self._look(words, session)
        return Response(str(shown.live(look, Where.of(path, look.day) or Where())).encode())

    async def do(self, path: str, request: Request, words: Words, session: Session) -> Response:
        """A form that was sent; one that does not fit any more changes nothing, and the page says so."""
        given = request.form
        here = given.get("here", "")
        try:
            if path == "in":
                return await self._come(given, words, session)
            await self._done(path, given)
        except Refused as refusal:
            trouble, back = words(shown.WHY[refusal.why]), "in" if path == "in" else here
            found = self.show(back, words, session, trouble, 409) or self.show("", words, session, trouble, 409)
            return found or see("/queue")
        return see(f"/queue/{here}".rstrip("/") if Where.of(here, self._holder.day) else "/queue")

    async def _done(self, path: str, given: Given) -> None:
        if path == "take":
            await self._clockwork.take()
        elif path == "give":
            await self._clockwork.give()
        elif path == "next":
            hand, station = _hand(given), _number(given.get("station", ""))
            await self._holder.do(lambda day, at: deeds.next_(day, at, hand, station, given.get("for", "")))
        else:
            await self._step(_number(path.removeprefix("step/")), given)

    async def _step(self, step: int, given: Given) -> None:
        deed, hand = DEEDS.get(given.get("deed", "")), _hand(given)
        if deed is None:
            raise Refused("unknown")
        await self._holder.do(lambda day, at: deed(day, at, hand, step, given))

    async def _come(self, given: Given, words: Words, session: Session) -> Response:
        once = given.get("once") or uuid.uuid4().hex
        if once not in self._came:
            self._came[once] = asyncio.ensure_future(self._ticket(given))
            while len(self._came) > REMEMBERED:
                self._came.popitem(last=False)
        try:
            ticket, why = await asyncio.shield(self._came[once])
        except Refused:
            self._came.pop(once, None)
            raise
        return Response(shown.came(self._look(words, session), ticket, why))

    async def _ticket(self, given: Given) -> tuple[str, str]:
        """The number, and why it is not printed, if it is not. Raises Refused."""
        kind, due = given.get("kind", ""), given.get("due", "")
        came = (await self._holder.do(lambda day, at: deeds.come(day, at, Hand(), kind, due))).came
        assert came is not None  # noqa: S101 - so an entry of somebody who comes is made
        return came.ticket, await self._holder.ticket(came)

    def _look(self, words: Words, session: Session) -> Looking:
        return Looking(words, session, self._clockwork, self._holder.now())


def _hand(given: Given) -> Hand:
    door, seen = given.get("door", ""), given.get("seen", "")
    told = {"by": given.get("by", ""), "why": given.get("why", "")}
    return Hand(_number(door) if door else None, _number(seen) if seen else None, **told)  # type: ignore[arg-type]


def _number(text: str) -> int:
    """Raises Refused for what no page of ours sends."""
    try:
        return int(text[:20])
    except ValueError:
        raise Refused("unknown") from None


def _minor(text: str) -> int:
    """An amount as people write it, in minor units. Raises Refused."""
    try:
        found = Decimal(text.strip().replace(",", ".")[:20]) * 100
        if found == found.to_integral_value():
            return int(found)
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise Refused("amount")


DEEDS: Mapping[str, Callable[[Day, str, Hand, int, Given], Entry]] = {
    "this": lambda day, at, hand, step, _given: deeds.this(day, at, hand, step),
    "missed": lambda day, at, hand, step, _given: deeds.missed(day, at, hand, step),
    "begin": lambda day, at, hand, step, _given: deeds.begin(day, at, hand, step),
    "done": lambda day, at, hand, step, _given: deeds.done(day, at, hand, step),
    "hold": lambda day, at, hand, step, _given: deeds.hold(day, at, hand, step),
    "back": lambda day, at, hand, step, _given: deeds.back(day, at, hand, step),
    "gone": lambda day, at, hand, step, _given: deeds.gone(day, at, hand, step),
    "send": lambda day, at, hand, step, given: deeds.send_on(day, at, hand, step, _number(given.get("station", ""))),
    "paid": lambda day, at, hand, step, given: deeds.paid(day, at, hand, step, _minor(given.get("amount", ""))),
    "pass": lambda day, at, hand, step, _given: deeds.let_pass(day, at, hand, step),
}
