"""A port on which instruments ask: one request at a time, each answered by what is written next."""

import asyncio

import pytest

from edge.links import LinkLost, LinkRefused, open_link
from edge.links.http_server import WAITING, asked_of, parsed, reply


async def ask(port, said):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    answered = await reader.read()
    writer.close()
    return answered


def post(body, length=None, more=""):
    return f"POST /x HTTP/1.1\r\nContent-Length: {length or len(body)}\r\n{more}\r\n".encode() + body


@pytest.fixture
async def link(tmp_path):
    link = await open_link("http-server://127.0.0.1:0", data=tmp_path)
    yield link
    await link.aclose()


async def test_a_request_is_a_chunk_and_what_is_written_is_its_answer(link, tmp_path):
    asking = asyncio.create_task(
        ask(link.port, b"POST /x?y=1 HTTP/1.1\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\nhi")
    )
    asked = asked_of(await anext(link))
    await link.write(reply(200, "ok"))
    answered = await asking

    assert (asked.method, asked.path, asked.headers["content-type"], asked.body) == ("POST", "/x", "a/b", b"hi")
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answered.endswith(b"\r\n\r\nok")
    assert link.data == tmp_path


async def test_whoever_asks_waits_in_line(link):
    asking = [asyncio.create_task(ask(link.port, post(body))) for body in (b"one", b"two")]
    answers = []
    for _ in asking:
        answers.append(asked_of(await anext(link)).body)
        await link.write(reply(200, answers[-1]))

    assert sorted(answers) == [b"one", b"two"]
    assert [(await one).endswith(body) for one, body in zip(asking, (b"one", b"two"), strict=True)] == [True, True]


async def test_a_caller_who_went_away_holds_up_nobody(link, monkeypatch):
    _, writer = await asyncio.open_connection("127.0.0.1", link.port)
    writer.write(post(b"gone"))
    first = asyncio.create_task(anext(link))
    await first
    writer.close()
    asking = asyncio.create_task(ask(link.port, post(b"here")))
    assert asked_of(await anext(link)).body == b"here"
    await link.write(reply(200, "ok"))
    assert (await asking).endswith(b"ok")


async def test_the_expected_100_is_said_first(link):
    asking = asyncio.create_task(ask(link.port, post(b"hi", more="Expect: 100-continue\r\n")))
    await anext(link)
    await link.write(reply(200, "ok"))
    assert (await asking).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"DELETE /x HTTP/1.1\r\n\r\n", b"405"),
        (post(b"x", length=9 * 1024 * 1024), b"413"),
        (post(b"x", length="many"), b"400"),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", b"411"),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", b"400"),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", b"413"),
    ],
)
async def test_what_is_no_request_never_reaches_the_driver(link, said, status):
    assert (await ask(link.port, said)).split(b" ")[1] == status
    assert link._waiting.empty()


async def test_no_more_callers_are_heard_than_memory_has_room_for(link):
    slow = [await asyncio.open_connection("127.0.0.1", link.port) for _ in range(WAITING)]
    for _, writer in slow:
        writer.write(post(b"hi", length=100))
        await writer.drain()
    answers = await asyncio.gather(ask(link.port, post(b"one too many")), return_exceptions=True)
    assert answers == [b""] or isinstance(answers[0], ConnectionResetError)
    assert link._waiting.empty()
    for _, writer in slow:
        writer.close()


async def test_who_waits_while_the_port_closes_is_told_to_come_again(link):
    asking = asyncio.create_task(ask(link.port, post(b"hi")))
    await anext(link)
    await link.aclose()

    assert b"503" in (await asking)
    with pytest.raises(StopAsyncIteration):
        await anext(link)
    with pytest.raises(LinkLost):
        await link.write(b"")


async def test_a_port_that_is_taken_is_refused_in_words(link):
    with pytest.raises(LinkRefused, match="cannot be listened at"):
        await open_link(f"http-server://127.0.0.1:{link.port}")


@pytest.mark.parametrize(
    "url",
    [
        "http-server://:8090",
        "http-server://0.0.0.0",
        "http-server://0.0.0.0:x",
        "http-server://0.0.0.0:8090?allow=biometer",
        "http-server://0.0.0.0:8090?deny=10.0.0.5",
        "http-server://0.0.0.0:8090/x",
    ],
)
def test_an_address_nobody_can_listen_at_is_refused(url):
    with pytest.raises(LinkRefused) as refusal:
        parsed(url)
    assert refusal.value.lasting


@pytest.mark.parametrize(
    ("peer", "welcome"),
    [("10.0.0.5", True), ("::ffff:10.0.0.5", True), ("192.168.7.9", True), ("10.0.0.6", False), ("", False)],
)
def test_who_is_welcome(peer, welcome):
    place = parsed("http-server://0.0.0.0:8090?allow=10.0.0.5&allow=192.168.7.0/24")
    assert place.welcomes(peer) == welcome


def test_nobody_named_is_everybody():
    assert parsed("http-server://0.0.0.0:8090").welcomes("10.9.9.9")
