"""What is on the paper is what was meant, by a decoder of its own and by the bytes another program sends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.escpos import Align, Coding, Line, Picture, Printer, Qr, Ticket, encode
from protocols.escpos.printer import cut, width
from tests.protocols.escpos.decoder import Decoder

TICKET = Ticket(
    (
        Line("A012", size=4, bold=True, align=Align.CENTRE),
        Line("张三", size=2, align=Align.CENTRE),
        Line("请到3号诊室"),
        Qr("T:A012"),
    )
)


def test_a_ticket_is_on_the_paper_as_it_was_meant():
    paper = Decoder().feed(encode(TICKET, Printer()))

    assert paper.lines == [
        ("A012", 4, 4, True, 1),
        ("张三", 2, 2, False, 1),
        ("请到3号诊室", 1, 1, False, 0),
    ]
    assert paper.codes == [("T:A012", 6, "M")]
    assert (paper.cuts, paper.unknown) == (1, [])


def test_the_bytes_of_a_code_are_those_of_the_measured_ticket():
    """protocols of callers, 4.1: python-escpos 3.1 into a TCP peer."""
    said = encode(Ticket((Qr("T:A012", level="L"),)), Printer())
    assert (
        bytes.fromhex("1d286b0400314132001d286b03003143061d286b03003145301d286b0900315030543a413031321d286b0300315130")
        in said
    )


def test_chinese_is_what_that_program_sends():
    said = encode(Ticket((Line("张三"), Line("请到3号诊室"))), Printer())
    assert bytes.fromhex("d5c5c8fd") in said
    assert bytes.fromhex("c7ebb5bd33bac5d5efcad2") in said


def test_a_printer_that_wants_it_is_switched_to_chinese_before_the_line():
    said = encode(Ticket((Line("A012"), Line("张三"))), Printer(fs_amp=True))
    assert said.index(b"\x1c&") < said.index("张三".encode("gb18030"))
    assert said.index(b"\x1c.") < said.index(b"A012") < said.index(b"\x1c&")


@pytest.mark.parametrize(("coding", "page"), [(Coding.CP437, b"\x1bt\x00"), (Coding.WPC1252, b"\x1bt\x10")])
def test_letters_of_the_west_are_printed_by_their_page(coding, page):
    said = encode(Ticket((Line("Café über", align=Align.RIGHT),)), Printer(coding))
    assert page in said
    assert Decoder(chinese="cp437").feed(said).lines == [("Café über", 1, 1, False, 2)]


@pytest.mark.parametrize(
    ("text", "printer"), [("㛃", Printer()), ("张", Printer(Coding.CP437)), ("A\x1b@", Printer()), ("a\nb", Printer())]
)
def test_what_has_no_letters_or_would_be_a_command_is_refused(text, printer):
    with pytest.raises(ValueError, match="no letters"):
        encode(Ticket((Line(text),)), printer)


@pytest.mark.parametrize("part", [Line("A", size=0), Line("A", size=9), Qr(""), Qr("x" * 301), Qr("A", module=17)])
def test_a_size_there_is_not_is_refused(part):
    with pytest.raises(ValueError, match=r"size|cannot be printed"):
        encode(Ticket((part,)), Printer())


@pytest.mark.parametrize(
    ("text", "columns", "found"),
    [("张三丰", 6, "张三丰"), ("张三丰", 5, "张三."), ("张三丰", 4, "张."), ("Mary Anne", 6, "Mary ."), ("", 4, "")],
)
def test_what_does_not_fit_is_cut_by_columns(text, columns, found):
    assert cut(text, columns) == found
    assert width(cut(text, columns)) <= columns


def test_without_a_knife_nothing_is_cut():
    assert Decoder().feed(encode(TICKET, Printer(cutter=False))).cuts == 0


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Line,
            st.text("AZ09 请到号诊室张三李四验光", min_size=1, max_size=40),
            st.integers(1, 8),
            st.booleans(),
            st.sampled_from(Align),
        ),
        max_size=5,
    ),
    st.sampled_from([32, 48]),
)
def test_every_ticket_comes_back(lines, columns):
    printer = Printer(columns=columns)
    found = Decoder().feed(encode(Ticket(lines), printer)).lines
    assert found == [(cut(one.text, columns // one.size), one.size, one.size, one.bold, one.align) for one in lines]


def test_a_picture_goes_as_it_is_with_its_size_the_low_byte_first():
    dots = bytes(range(24)) * 26
    said = encode(Ticket([Picture(24, dots, Align.CENTRE)]), Printer())
    assert b"\x1ba\x01\x1dv0\x00\x18\x00\x1a\x00" + dots in said
    assert Decoder().feed(said).pictures == [(24, 26, dots)]


@pytest.mark.parametrize("picture", [Picture(24, bytes(25)), Picture(1, b""), Picture(1, bytes(3000))])
def test_a_picture_of_no_size_a_printer_has_is_refused(picture):
    with pytest.raises(ValueError, match="are no picture"):
        encode(Ticket([picture]), Printer())
