"""The same ticket by ours and by python-escpos, read by a decoder that knows neither."""

from escpos.printer import Dummy

from edge.callers import tickets
from edge.callers.settings import PrinterSettings
from protocols.envelope.calls import Printed
from tests.protocols.escpos.decoder import Decoder

TICKET = Printed(ticket="A012", heading="明目眼科", lines=["张* 您好", "请到3号诊室"], link="https://q.test/t/8f3k")


def theirs(ticket):
    """As somebody who knows python-escpos and not us would print it."""
    printer = Dummy()
    printer.hw("INIT")
    printer.set(align="center", bold=True, normal_textsize=True)
    printer._raw(ticket.heading.encode("gb18030") + b"\n")
    printer.set(align="center", bold=True, custom_size=True, width=6, height=6)
    printer._raw(ticket.ticket.encode() + b"\n")
    printer.set(align="center", bold=False, custom_size=True, width=1, height=1)
    for line in ticket.lines:
        printer._raw(line.encode("gb18030") + b"\n")
    printer.qr(ticket.link, native=True, size=6, ec=1, center=False)
    printer.cut()
    return printer.output


def test_both_mean_the_same_ticket():
    ours = Decoder().feed(tickets.page(TICKET, PrinterSettings()).said)
    other = Decoder().feed(theirs(TICKET))
    assert ours.lines == [one for one in other.lines if one[0]]
    assert ours.codes == other.codes
    assert (ours.cuts, ours.unknown) == (other.cuts, other.unknown) == (1, [])


def test_a_stranger_writes_our_chinese_in_the_same_bytes():
    printer = Dummy()
    printer.text("张三")
    assert "张三".encode("gb18030") in printer.output
