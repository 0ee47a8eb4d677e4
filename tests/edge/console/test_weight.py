"""What a gateway weighs with its console in use."""

import asyncio
import os
import pty
import sys
import tty

import psutil
import pytest

from tests.edge.console.caller import Caller, configure

RUN = "import sys; from deploy.cli import main; sys.exit(main(['gateway', 'run', '--config', sys.argv[1]]))"
NIDEK = '[[instrument]]\nname = "i{n}"\nfamily = "nidek_frame"\nurl = "{url}"\n'


@pytest.fixture
def urls():
    pairs = [pty.openpty() for _ in range(4)]
    for _, slave in pairs:
        tty.setraw(slave)
    yield [os.ttyname(slave) for _, slave in pairs]
    for fd in (fd for pair in pairs for fd in pair):
        os.close(fd)


async def opened(port):
    async with asyncio.timeout(30):
        while True:
            try:
                return await Caller(port).ask("/")
            except OSError:
                await asyncio.sleep(0.1)


@pytest.mark.edge("EDGE-226", "With four drivers and its console in use a gateway holds less than 45 MB.")
async def test_a_gateway_whose_console_is_used_stays_small(tmp_path, urls, unused_tcp_port):
    path = configure(tmp_path, *(NIDEK.format(n=n, url=url) for n, url in enumerate(urls)))
    path.write_text(path.read_text().replace("127.0.0.1:0", f"127.0.0.1:{unused_tcp_port}"))
    words = (sys.executable, "-c", RUN, str(path))
    process = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.DEVNULL)
    try:
        await opened(unused_tcp_port)
        caller = Caller(unused_tcp_port)
        await caller.sign_in()
        checks = await caller.ask("/checks")
        await caller.press(await caller.ask("/pair/i0"), "/pair/i0")
        await caller.ask("/part")
        held = psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        process.terminate()
        code = await process.wait()
    assert (checks.status, code) == (200, 0)
    assert held < 45
