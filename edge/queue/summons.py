"""What an entry has a store's callers do: call somebody, print a ticket; and what each of them answered."""

from collections.abc import Callable
from contextlib import aclosing

from edge.callers import Callers
from edge.queue.day import Day
from edge.refusals import OrderRefused
from protocols.envelope.calls import Answer, Called, Printed
from protocols.envelope.queue import Answered, Came, Made


class Summons:
    """``live`` are the calls under way, by how callers know them."""

    def __init__(self, callers: Callers, now: Callable[[], str]) -> None:
        self._callers, self._now = callers, now
        self.live: dict[str, Answered] = {}

    async def call(self, day: Day, made: Made) -> Answered | None:
        """Ask every caller; how each fared. Nothing where nobody is called any more."""
        told = called(day, made, self._now())
        if told is None:
            return None
        self._note(made, {})
        try:
            async with aclosing(self._callers.call(told)) as hearing:
                async for said in hearing:
                    self._note(made, said.callers)
        except OrderRefused as refusal:  # under no name: this gateway answers for all of them
            self._note(made, {"": Answer(state="failed", at=self._now(), why=str(refusal))})
        return self.live[made.call] if self.live[made.call].turn == made.turn else None

    def over(self, made: Made) -> None:
        """This turn of a call; a later one may be under way."""
        if made.call in self.live and self.live[made.call].turn == made.turn:
            del self.live[made.call]

    def _note(self, made: Made, callers: dict[str, Answer]) -> None:
        self.live[made.call] = Answered(call=made.call, turn=made.turn, callers=dict(callers))

    async def ticket(self, day: Day, came: Came) -> str:
        """Print one; why it is not printed, if it is not."""
        first = next((day.places[one.first] for one in day.book.offers if one.code == came.offer), None)
        lines = [first.names[one] for one in day.book.languages if one in first.names] if first else []
        try:
            told = await self._callers.print_ticket(Printed(ticket=came.ticket, heading=day.book.heading, lines=lines))
        except OrderRefused as refusal:
            return str(refusal)
        return next((one.why for one in told.callers.values() if one.state == "failed"), "")


def called(day: Day, made: Made, at: str) -> Called | None:
    """What callers are told of a call."""
    row, there = day.row(made.step, at), day.door(made.desk)
    if row is None:
        return None
    place = day.places[row.part.station]
    return Called(
        call=made.call,
        ticket=row.guest.ticket,
        station=place.sort,
        place=(there[1] if there else place).names,
        turn=made.turn,
        who=made.who,
        room=there[1].number if there else None,
        languages=day.book.languages,
    )
