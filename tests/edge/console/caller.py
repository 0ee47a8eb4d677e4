"""Somebody with a browser, in a few lines."""

import asyncio
import contextlib
import re
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from edge import pins
from edge.config import load
from edge.gateway import Gateway
from edge.tasks import stop

CONFIG = """
[gateway]
address = "demo/main/gw-1"
data = "{data}"
disk_floor_mb = 0
language = "{language}"
[broker]
url = "mqtt://127.0.0.1:{broker}"
[console]
bind = "127.0.0.1:0"
"""
PIN = "402817"
DIGEST = pins.digest(PIN)


class Answered:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}

    @property
    def text(self):
        return unescape(self.body.decode())


class Caller:
    """Keeps its cookie, as a browser does."""

    def __init__(self, port):
        self.port, self.cookie = port, ""

    async def send(self, raw):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        await writer.drain()
        with contextlib.suppress(ConnectionError):
            found = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return found

    async def ask(self, path, method="GET", form=None, **headers):
        body = urlencode(form or {}).encode()
        said = {"Host": "gw", "Cookie": self.cookie, "Content-Length": str(len(body)), **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        answer = Answered(await self.send(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body))
        if "set-cookie" in answer.headers:
            kept = SimpleCookie(answer.headers["set-cookie"])
            self.cookie = "; ".join(f"{name}={one.value}" for name, one in kept.items())
        return answer

    async def sign_in(self, pin=PIN):
        return await self.ask("/sign-in", "POST", {"pin": pin})

    async def press(self, page, path, **form):
        """Send the form of a page, with its mark."""
        mark = re.search(
            rf'action="{re.escape(path)}"[^>]*><input type="hidden" name="mark" value="([^"]+)"', page.text
        )
        assert mark, f"no form to {path} in {page.text}"
        return await self.ask(path, "POST", {"mark": mark[1], **form})


def configure(folder, *instruments, pin=DIGEST, language="en", broker=1):
    (folder / "data").mkdir(exist_ok=True)
    if pin:
        pins.write(folder / "data", pin)
    text = CONFIG.format(data=folder / "data", language=language, broker=broker)
    path = folder / "gateway.toml"
    path.write_text(text + "".join(instruments))
    return path


@contextlib.asynccontextmanager
async def console(path, **given):
    """A gateway with its console open; gives both."""
    gateway = Gateway(load(path), **given)
    task = asyncio.ensure_future(gateway.run())
    try:
        async with asyncio.timeout(8):
            while not getattr(getattr(gateway, "console", None), "port", 0):
                assert not task.done(), task.exception()
                await asyncio.sleep(0.01)
        yield gateway, Caller(gateway.console.port)
        gateway.stop()
        await asyncio.wait_for(task, 10)
    finally:
        await stop(task)
