"""Ticket printers: connect, ask, print, ask again, close, for each ticket."""

import asyncio
import contextlib
from collections.abc import Callable

from edge.callers import tickets
from edge.callers.device import WITHIN_S, Declined, Did, Fault, Wire
from edge.callers.settings import PrinterSettings
from edge.callers.tickets import Page
from edge.links import Link, LinkLost
from protocols.envelope.calls import Called, Printed
from protocols.escpos import ASK, Cause, Trouble
from protocols.escpos.status import read

# The order is that in which somebody would mend them: an open cover makes a printer say that it is offline as well.
TROUBLES = {
    Trouble.COVER_OPEN: ("has its cover open", "Close it"),
    Trouble.PAPER_OUT: ("is out of paper", "Put a roll in"),
    Trouble.CUTTER: ("has a jammed cutter", "Switch it off, free the paper, switch it on"),
    Trouble.ERROR: ("reports an error", "Switch it off and on"),
    Trouble.OFFLINE: ("is offline", "Press its feed button, or switch it off and on"),
}
FURTHER_S = 0.5  # a printer that has answered once answers at once
LOW = "The paper of {name} is nearly out. Put a new roll beside it."
UNSURE = "Look whether it lies there before you print it again."


class TicketPrinter:
    """One printer. A ticket is sent once and never again by itself."""

    def __init__(self, name: str, wire: Wire, settings: PrinterSettings) -> None:
        self.name, self._wire, self._settings = name, wire, settings

    async def call(self, called: Called) -> Did:
        """A slip. Raises Fault."""
        return await self._print(lambda: tickets.slip(called, self._settings))

    async def print(self, ticket: Printed) -> Did:
        """A ticket. Raises Fault, which says so where it may have been printed."""
        return await self._print(lambda: tickets.page(ticket, self._settings))

    async def look(self) -> None:
        """How it says it is. Raises Fault."""
        async with self._wire.open() as link:
            if self._settings.asks:
                self._judge(await self._asked(link), "Then it prints again.")

    async def _print(self, make: Callable[[], Page]) -> Did:
        page = self._made(make)
        async with self._wire.open() as link:
            if self._settings.asks:
                self._judge(await self._asked(link), "and print again.")
            await self._sent(link, page)
            low = await self._ended(link) if self._settings.asks else ""
        return Did("printed", " ".join(filter(None, (page.why, low))))

    def _made(self, make: Callable[[], Page]) -> Page:
        try:
            return make()
        except UnicodeError:  # it quotes what it could not print
            raise Declined(f"The code of the ticket cannot be printed on {self.name}: it is no ASCII.") from None
        except ValueError as refusal:
            raise Declined(f"The ticket cannot be printed on {self.name}: {refusal}.") from None

    async def _sent(self, link: Link, page: Page) -> None:
        try:
            await self._wire.send(link, page.said)
        except (Fault, LinkLost):
            raise Fault(f"The connection to the printer {self.name} broke while it printed. {UNSURE}") from None

    async def _ended(self, link: Link) -> str:
        """What to say of the paper. It answers once the ticket is out. Raises Fault."""
        try:
            found = await self._asked(link)
        except (Fault, LinkLost):
            raise Fault(
                f"The printer {self.name} fell silent: the ticket may or may not be printed. {UNSURE}"
            ) from None
        self._judge(found, f"The ticket may be cut short or missing. {UNSURE}", while_printing=True)
        return LOW.format(name=self.name) if Trouble.PAPER_LOW in found else ""

    async def _asked(self, link: Link) -> frozenset[Trouble]:
        """Everything it tells; not every model answers every question. Raises Fault when it tells nothing."""
        first, *rest = ASK
        try:
            async with asyncio.timeout(WITHIN_S):
                found = await self._answer(link, first)
        except TimeoutError:
            raise Fault(
                f"The printer {self.name} does not say how it is; nothing was printed. Switch it off and on. "
                "If this model never answers, write status = false in its settings."
            ) from None
        for cause in rest:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FURTHER_S):
                    found |= await self._answer(link, cause)
        return found

    async def _answer(self, link: Link, cause: int) -> frozenset[Trouble]:
        """Bytes that are no status (an answer to somebody else, flow control) are passed over."""
        await link.write(ASK[cause])
        async for said in link:
            for one in said:
                found = read(cause, (one,))
                if not isinstance(found, Cause):
                    return found
        raise LinkLost("it hung up")

    def _judge(self, found: frozenset[Trouble], then: str, *, while_printing: bool = False) -> None:
        for trouble, (what, mend) in TROUBLES.items():
            if trouble in found:
                joint = ". " if then[0].isupper() else " "
                during = " while it printed" if while_printing else ""
                raise Fault(f"The printer {self.name} {what}{during}. {mend}{joint}{then}")
