"""All callers of a gateway: who is asked, side by side, and how each fared."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from weakref import WeakValueDictionary

import msgspec

from edge.callers.clips import Clips
from edge.callers.device import Device, Wire
from edge.callers.kept import Kept, now
from edge.callers.printing import TicketPrinter
from edge.callers.screen import Screen
from edge.callers.settings import CallerSettings
from edge.callers.signs import Numbers, sign
from edge.callers.voice import Voice, Zone
from edge.refusals import OrderRefused
from edge.tasks import stop
from protocols.envelope import InstrumentState
from protocols.envelope.calls import Answer, Answers, Called, Printed

LOOK_S = 60.0
REMEMBERED = 256  # turns of calls; one that comes again is answered as it was and not carried out again
TEST = Called(call="", ticket="T000", station="", place={"en": "Test", "zh": "测试"}, languages=["en", "zh"])
NOBODY = "this gateway has no caller for this station; call them yourself"
NO_PRINTER = "this gateway has no ticket printer; write the number down"
UNKNOWN = "This gateway has no caller of this name. Check the name in its configuration."
NO_CALL = "This printer prints tickets only. Write calls = true in its settings if it shall print calls."
INTERRUPTED = "The call was interrupted before this was done. Call again."


class Callers:
    """``data`` is the gateway's folder; ``changed`` is told when one is lost or back."""

    def __init__(self, settings: Sequence[CallerSettings], data: Path, changed: Callable[[], None]) -> None:
        self._data, self._zones = data, defaultdict[str, Zone](Zone)
        self._wires = defaultdict[str, asyncio.Lock](asyncio.Lock)
        self.kept = {one.name: Kept(one, self._device(one), changed) for one in settings}
        self._told: OrderedDict[tuple[str, int], dict[str, Answer]] = OrderedDict()
        self._turns: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    @property
    def screens(self) -> dict[str, Screen]:
        """By name."""
        return {name: one.device for name, one in self.kept.items() if isinstance(one.device, Screen)}

    def states(self) -> list[InstrumentState]:
        """For the birth."""
        return [one.report() for one in self.kept.values()]

    async def run(self) -> None:
        """Speak, and look how each is once a minute, until cancelled."""
        jobs = [zone.run() for zone in self._zones.values()]
        jobs += [_looked_after(one) for one in self.kept.values()]
        tasks = [asyncio.ensure_future(job) for job in [*jobs, self._prepare()]]
        try:
            await asyncio.Event().wait()
        finally:
            for screen in self.screens.values():
                screen.let_go()
            await stop(*tasks)

    async def call(self, called: Called) -> AsyncGenerator[Answers, None]:
        """Call somebody; told whenever a device has answered. Raises OrderRefused where nobody is there to call.

        A turn of a call that was carried out, or begun, is never carried out again.
        """
        turn = (called.call, called.turn)
        async with self._turns.setdefault(turn, asyncio.Lock()):
            if known := self._told.get(turn):
                yield Answers(callers=known)
                return
            told = self._asked(called)
            self._remember(turn, told)
            async with aclosing(self._answered(called, told)) as answering:
                async for _ in answering:
                    yield Answers(callers=dict(told))

    async def print_ticket(self, ticket: Printed) -> Answers:
        """Print one. Raises OrderRefused where nothing prints."""
        named = self.kept.get(ticket.caller) if ticket.caller else next(iter(self._printers()), None)
        if named is None or not isinstance(named.device, TicketPrinter):
            raise OrderRefused(NO_PRINTER if not ticket.caller else f"{UNKNOWN} Nothing was printed.")
        return Answers(callers={named.name: await named.do(named.device.print(ticket))})

    async def test(self, name: str) -> Answer:
        """Let one print, show or say that it is a test."""
        one, test = self.kept[name], msgspec.structs.replace(TEST, call=f"test-{now()}")
        return await one.do(one.device.call(test))

    def _asked(self, called: Called) -> dict[str, Answer]:
        """Everybody who is asked, waiting; who cannot be asked has failed. Raises OrderRefused."""
        serving = [name for name, one in self.kept.items() if one.settings.serves(called.station)]
        told = {name: self._can(name) for name in called.callers or serving}
        if not told or not self.kept:
            raise OrderRefused(NOBODY)
        return told

    def _can(self, name: str) -> Answer:
        one = self.kept.get(name)
        if one is None or not one.settings.calls:
            return Answer(state="failed", at=now(), why=NO_CALL if one else UNKNOWN)
        return Answer(state="waiting", at=now())

    async def _answered(self, called: Called, told: dict[str, Answer]) -> AsyncGenerator[str, None]:
        """Fill in what each said, as it is said."""
        asked = [name for name, one in told.items() if one.state == "waiting"]
        doing = {asyncio.ensure_future(self.kept[n].do(self.kept[n].device.call(called))): n for n in asked}
        left = set(doing)
        try:
            if not left:
                yield ""
            while left:
                done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
                told.update({doing[one]: one.result() for one in done})
                yield ""
        finally:
            await stop(*doing)
            lost = Answer(state="failed", at=now(), why=INTERRUPTED)
            told.update({name: lost for name, one in told.items() if one.state == "waiting"})

    def _remember(self, turn: tuple[str, int], told: dict[str, Answer]) -> None:
        self._told[turn] = told
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)

    def _printers(self) -> list[Kept]:
        return [one for one in self.kept.values() if one.settings.kind == "escpos"]

    async def _prepare(self) -> None:
        for one in self.kept.values():
            if isinstance(one.device, Voice):
                await one.device.prepare()

    def _device(self, one: CallerSettings) -> Device:
        """What a kind of caller is made of."""
        if one.kind == "voice":
            return Voice(one.name, one.voice, self._zones[one.voice.zone], Clips(self._data / "voice", one.voice))
        if one.kind == "screen":
            return Screen(one.name)
        wire = Wire(one.name, one.url, one.line, self._wires[one.url])
        if one.kind == "escpos":
            return TicketPrinter(one.name, wire, one.printer)
        return Numbers(one.name, wire, one.display) if one.display else sign(one, wire)


async def _looked_after(one: Kept) -> None:
    """A screen that nobody has opened yet is not lost."""
    while True:
        if not isinstance(one.device, Screen) or one.device.ever:
            await one.look()
        await asyncio.sleep(LOOK_S)
