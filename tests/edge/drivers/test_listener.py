"""What a listener does beside its dialect."""

import asyncio
import threading

from edge.drivers.listener import Listener
from protocols.framing import Garbled, Transmission

GOOD = Transmission(b"good", ())


class Folder:
    """A link that hands over whole files."""

    whole = True

    def __init__(self, *files):
        self._files = iter(files)

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return next(self._files)
        except StopIteration:
            raise StopAsyncIteration from None

    async def write(self, data):
        raise AssertionError("nobody is there to be answered")

    async def aclose(self):
        pass


class Stumbling:
    """A decoder with a mistake of its own, which keeps what it was fed."""

    pause = None

    def __init__(self):
        self._fed = b""

    def feed(self, data):
        self._fed += data
        return []

    def silence(self):
        if b"bad" in self._fed:
            raise KeyError("a patient's name")
        return [Transmission(self._fed, ())] if self._fed else []


async def test_a_file_we_stumble_over_is_kept_and_those_behind_it_are_read():
    events = []

    async def emit(event):
        events.append(event)

    await Listener(Stumbling).run(Folder(b"bad", b"good"), emit)

    stumbled, read = events
    assert isinstance(stumbled, Garbled)
    assert (stumbled.raw, "KeyError" in stumbled.why, "patient" in stumbled.why) == (b"bad", True, False)
    assert read == GOOD


class Patient(Stumbling):
    """A decoder that needs as long as the loop gives it."""

    let = threading.Event()

    def silence(self):
        assert self.let.wait(15)
        return super().silence()


async def test_a_file_that_takes_long_to_read_holds_nobody_else_up():
    heard = []

    async def emit(event):
        heard.append(event)

    listening = asyncio.create_task(Listener(Patient).run(Folder(b"good"), emit))
    await asyncio.sleep(0.05)
    assert heard == []
    Patient.let.set()
    await listening
    assert heard == [GOOD]
