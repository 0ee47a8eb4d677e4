"""Tickets over a real socket, judged by a decoder that walks the bytes as a printer does."""

import asyncio

import pytest

from edge.callers import drawing
from edge.refusals import OrderRefused
from protocols.envelope.calls import Printed
from tests.edge.callers.store import called, said
from tests.protocols.escpos.decoder import Decoder

TICKET = Printed(
    ticket="A012", heading="明目眼科 Main Street", lines=["张* 您好", "3 before you"], link="https://q.test/t/8f3k"
)


async def printed(store, ticket=TICKET):
    async with store.open() as callers:
        answers = await callers.print_ticket(ticket)
    return {name: (one.state, one.why) for name, one in answers.callers.items()}


async def test_a_ticket_is_printed_with_its_number_large_and_a_code_to_ones_place(store):
    printer = await store.printer()
    assert await printed(store) == {"desk": ("printed", "")}

    paper = Decoder().feed(printer.tickets[0])
    assert [(text, wide) for text, wide, *_ in paper.lines] == [
        ("明目眼科 Main Street", 1),
        ("A012", 6),
        ("张* 您好", 1),
        ("3 before you", 1),
    ]
    assert paper.codes == [("https://q.test/t/8f3k", 6, "M")]
    assert (paper.cuts, paper.unknown) == (1, [])


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("no paper", "The printer desk is out of paper. Put a roll in and print again."),
        ("cover", "The printer desk has its cover open. Close it and print again."),
        (
            "cutter",
            "The printer desk has a jammed cutter. Switch it off, free the paper, switch it on and print again.",
        ),
        ("offline", "The printer desk is offline. Press its feed button, or switch it off and on and print again."),
    ],
)
async def test_a_printer_that_cannot_print_says_what_to_do_and_gets_no_ticket(store, trouble, words):
    printer = await store.printer()
    printer.trouble = trouble
    assert await printed(store) == {"desk": ("failed", words)}
    assert printer.tickets == []


async def test_paper_that_is_nearly_out_is_said_beside_the_ticket(store):
    printer = await store.printer()
    printer.trouble = "little paper"
    assert await printed(store) == {"desk": ("printed", "The paper of desk is nearly out. Put a new roll beside it.")}


async def test_paper_that_ends_in_a_ticket_says_that_it_may_be_cut_short(store):
    printer = await store.printer()
    printer.after = "no paper"
    ((state, why),) = (await printed(store)).values()
    assert state == "failed"
    assert why.startswith("The printer desk is out of paper while it printed. Put a roll in. The ticket may be cut")
    assert len(printer.tickets) == 1


async def test_a_printer_that_falls_silent_says_that_the_ticket_may_or_may_not_be_printed(store):
    printer = await store.printer()
    printer.mute_after = True
    ((state, why),) = (await printed(store)).values()
    assert state == "failed" and "may or may not be printed" in why
    assert len(printer.tickets) == 1


async def test_a_printer_that_never_answers_gets_no_ticket_unless_its_settings_say_so(store):
    mute = await store.printer()
    mute.mute = True
    ((state, why),) = (await printed(store)).values()
    assert state == "failed" and "nothing was printed" in why and "status = false" in why
    assert mute.tickets == []

    store.tables[0] += "\nstatus = false"
    assert await printed(store) == {"desk": ("printed", "")}
    await asyncio.sleep(0.1)
    assert len(mute.tickets) == 1


async def test_a_printer_that_is_switched_off_is_told_in_plain_words(store):
    store.caller("desk", "escpos", url="tcp://127.0.0.1:9")
    ((state, why),) = (await printed(store)).values()
    assert state == "failed" and "nothing listens on port 9" in why


async def test_two_tickets_at_once_come_out_one_after_the_other(store):
    printer = await store.printer()
    printer.printing_s = 0.1
    async with store.open() as callers:
        await asyncio.gather(*(callers.print_ticket(Printed(ticket=f"A{n:03}")) for n in range(4)))
    numbers = [Decoder().feed(one).lines[0][0] for one in printer.tickets]
    assert sorted(numbers) == ["A000", "A001", "A002", "A003"]


async def test_a_name_the_printer_has_no_letters_for_is_drawn(store):
    printer = await store.printer()
    assert await printed(store, Printed(ticket="A001", lines=["㛃* 您好", "3 before you"])) == {"desk": ("printed", "")}
    paper = Decoder().feed(printer.tickets[0])
    assert [text for text, *_ in paper.lines] == ["A001", "3 before you"]
    ((across, rows, dots),) = paper.pictures
    assert 8 * across <= 576 and rows >= 24
    assert 100 < sum(one.bit_count() for one in dots) < len(dots) * 4  # ink, and less ink than paper


async def test_without_a_font_the_line_is_left_out_and_the_answer_says_so(store, monkeypatch):
    monkeypatch.setattr(drawing, "FONTS", ())
    drawing._font.cache_clear()
    printer = await store.printer()
    ((state, why),) = (await printed(store, Printed(ticket="A001", lines=["㛃* 您好"]))).values()
    drawing._font.cache_clear()
    assert state == "printed" and why.startswith("A line was left out")
    assert [text for text, *_ in Decoder().feed(printer.tickets[0]).lines] == ["A001"]


async def test_a_western_printer_has_its_chinese_drawn(store):
    printer = await store.printer(encoding="cp437", columns=32)
    assert await printed(store) == {"desk": ("printed", "")}
    assert len(Decoder().feed(printer.tickets[0]).pictures) == 2


async def test_calls_are_printed_only_where_that_is_asked_for(store):
    quiet, slips = await store.printer("desk"), await store.printer("back", calls=True)
    async with store.open() as callers:
        assert (await said(callers, called()))[-1] == {"back": ("printed", "")}
    assert quiet.tickets == []
    assert [text for text, *_ in Decoder().feed(slips.tickets[0]).lines] == ["A012", "Room 3", "3号诊室"]


async def test_a_ticket_goes_to_the_printer_that_is_named_and_to_no_other(store):
    first, second = await store.printer("first"), await store.printer("second")
    assert list(await printed(store, Printed(ticket="A1", caller="second"))) == ["second"]
    assert (len(first.tickets), len(second.tickets)) == (0, 1)
    with pytest.raises(OrderRefused, match="no caller of this name"):
        await printed(store, Printed(ticket="A1", caller="third"))


async def test_without_a_printer_a_ticket_is_refused_in_plain_words(store):
    with pytest.raises(OrderRefused, match="write the number down"):
        await printed(store)


async def test_a_ticket_on_a_device_file_as_a_usb_printer_has_it(store):
    display = await store.display("desk", "escpos")
    store.tables[0] = store.tables[0].replace("serial://", "file://") + "\nstatus = false"
    assert (await printed(store))["desk"] == ("printed", "")
    await asyncio.sleep(0.1)
    assert Decoder().feed(bytes(display.heard)).cuts == 1


async def test_a_printer_that_answers_some_questions_only_prints_all_the_same(store):
    printer = await store.printer()
    printer.answers = frozenset({1, 4})
    assert await printed(store) == {"desk": ("printed", "")}
    printer.trouble = "no paper"
    ((state, why),) = (await printed(store)).values()
    assert state == "failed" and "out of paper" in why


@pytest.mark.parametrize(
    "ticket", [Printed(ticket="A1", link="https://q.test/张三"), Printed(ticket="A1", lines=["a\x1b"])]
)
async def test_what_no_printer_could_print_is_refused_without_quoting_it(store, ticket):
    printer = await store.printer()
    ((state, why),) = (await printed(store, ticket)).values()
    assert state == "failed" and "cannot be printed on desk" in why and "张" not in why and "u5f20" not in why
    assert printer.tickets == []
