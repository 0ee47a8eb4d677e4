"""ESC/POS: tickets for a queue, and what a printer says of itself.

Sources: SPRT POS76-II and SP series and BP-002 manuals for the Chinese commands; bytes that python-escpos 3.1 sends;
status bytes as Epson's printers have them (well known, only "all is well" was seen).
"""

from protocols.escpos.printer import Coding, Printer, width
from protocols.escpos.status import ASK, Cause, Trouble, read
from protocols.escpos.ticket import Align, Line, Picture, Qr, Ticket, encode

__all__ = [
    "ASK",
    "Align",
    "Cause",
    "Coding",
    "Line",
    "Picture",
    "Printer",
    "Qr",
    "Ticket",
    "Trouble",
    "encode",
    "read",
    "width",
]
