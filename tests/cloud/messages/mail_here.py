"""A mail server on a real socket, which can be told to misbehave, and letters to send to it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from cloud.messages.office import Office, Server


class Box:
    """What arrived. ``says`` answers to RCPT and to the end of the body; ``dies`` names where the line is cut."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.rcpt, self.data = "250 OK", "250 taken"
        self.dies: str | None = None
        self.port = 0
        self.rounds = 0

    async def handle_RCPT(  # noqa: N802  (as aiosmtpd calls it)
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.dies == "rcpt":
            server.transport.abort()
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.rounds += 1
        if self.dies == "data":
            server.transport.abort()
            return self.data
        if self.data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.recipients += envelope.rcpt_tos
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if self.dies == "after":
            server.transport.abort()
        return self.data

    @property
    def office(self) -> Office:
        """An office that sends here."""
        server = Server("127.0.0.1", self.port, plain=True)
        return Office(server, "Emmetra <no-reply@practice.test>", "https://book.test")


@contextmanager
def mail_server(**options: Any) -> Iterator[Box]:
    """It listens on a port of its own until the block ends."""
    box, ready, loop = Box(), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        server = await loop.create_server(lambda: SMTP(box, loop=loop, **options), "127.0.0.1", 0)
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        stop = asyncio.Event()
        box.stop = lambda: loop.call_soon_threadsafe(stop.set)  # type: ignore[attr-defined]
        await stop.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield box
    finally:
        box.stop()  # type: ignore[attr-defined]
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
