"""What stands on a ticket, in the letters of the printer that prints it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from edge.callers.drawing import drawn
from edge.callers.settings import PrinterSettings
from protocols.envelope.calls import Called, Printed
from protocols.escpos import Align, Line, Picture, Qr, Ticket, encode, width

LARGEST = 6  # times; a ticket of four letters fills paper of 58 mm
LEFT_OUT = (
    "A line was left out: the printer has no letters for it, and this gateway no font to draw them with. "
    "Install one: apt install fonts-noto-cjk."
)


class Page(NamedTuple):
    """The bytes of a ticket, and what is missing on it."""

    said: bytes
    why: str = ""


def page(ticket: Printed, printer: PrinterSettings) -> Page:
    """A number for somebody who came. Raises ValueError for what no printer could print."""
    return _encoded([*_ticket(ticket, printer), *([Qr(ticket.link)] if ticket.link else [])], printer)


def slip(called: Called, printer: PrinterSettings) -> Page:
    """A call on paper, for whoever carries it on. Raises ValueError."""
    places = [Line(one, size=2, align=Align.CENTRE) for one in called.place.values()]
    return _encoded([_number(called.ticket, printer), *places], printer)


def _ticket(ticket: Printed, printer: PrinterSettings) -> Iterator[Line]:
    if ticket.heading:
        yield Line(ticket.heading, align=Align.CENTRE, bold=True)
    yield _number(ticket.ticket, printer)
    for text in ticket.lines:
        yield Line(text, align=Align.CENTRE)


def _number(text: str, printer: PrinterSettings) -> Line:
    size = max(1, min(LARGEST, printer.model.columns // max(1, width(text))))
    return Line(text, size=size, bold=True, align=Align.CENTRE)


def _encoded(parts: Iterable[Line | Qr], printer: PrinterSettings) -> Page:
    found = [_printable(part, printer) for part in parts]
    kept = [part for part in found if part is not None]
    return Page(encode(Ticket(kept), printer.model), "" if len(kept) == len(found) else LEFT_OUT)


def _printable(part: Line | Qr, printer: PrinterSettings) -> Line | Qr | Picture | None:
    """As it is, else drawn, else not at all."""
    if isinstance(part, Qr) or printer.model.has(part.text):
        return part
    columns = printer.model.columns
    return drawn(part.text, columns, size=part.size, align=part.align, font=printer.font)
