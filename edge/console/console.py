"""The console: which page answers which path, and where it listens."""

import asyncio
import time
from collections.abc import Callable

from edge import pins
from edge.console import pages, wall
from edge.console.door import IDLE_S, Door, Locked, Session, is_marked
from edge.console.hub import Hub
from edge.console.rooms import Rooms
from edge.console.words import Words
from edge.http.serving import Request, Response, listen, see
from edge.listening import ConsoleSettings
from edge.tasks import stop

COOKIE = "emmetra_console"
LOOK_S, AGAIN_S = 2.0, 30.0
CLOSED = "console_closed"
LOCAL = "127.0.0.1"
AT_THE_DOOR = {True: 200, False: 401}  # a page that asks for the PIN is what one wanted, or is not


class Console:
    """``run`` until cancelled; ``answer`` is what it says to one request."""

    def __init__(self, settings: ConsoleSettings, hub: Hub, now: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._hub = settings, hub
        self._kept: str | None = None
        self.door = Door(lambda pin: self._kept is not None and pins.fits(pin, self._kept), now)
        self._rooms = Rooms(hub)
        self._trying = asyncio.Lock()
        self.port = 0

    async def run(self) -> None:
        """Listen on this box alone until there is a PIN, then where the configuration says."""
        if not self._settings.bind:
            await asyncio.Event().wait()
        self._hub.finder.adder.answer()
        try:
            while True:
                await self._open_until_the_pin_changes()
        finally:
            self._hub.cards.put_away()
            await self._hub.finder.aclose()

    async def _open_until_the_pin_changes(self) -> None:
        host, port = self._settings.place
        self._kept = await asyncio.to_thread(self._hub.pin)
        self.door.close_all()
        try:
            server = await listen(host if self._kept else LOCAL, port, self.answer)
        except OSError as refusal:
            self._hub.alarms.ring(CLOSED, f"The console cannot listen at {self._settings.bind} ({refusal.strerror}).")
            await asyncio.sleep(AGAIN_S)
            return
        self._hub.alarms.still(CLOSED)
        self.port = server.sockets[0].getsockname()[1]
        watching = asyncio.ensure_future(self._until_changed())
        try:
            async with server:
                await watching
        finally:
            await stop(watching)

    async def _until_changed(self) -> None:
        while await asyncio.to_thread(self._hub.pin) == self._kept:  # noqa: ASYNC110 - a file cannot wake anybody
            await asyncio.sleep(LOOK_S)

    async def answer(self, request: Request) -> Response:
        """One page."""
        words = Words(self._hub.language())
        name = request.path.lstrip("/")
        if name in pages.FILES:
            headers = {"Cache-Control": "max-age=31536000, immutable"}
            return Response(pages.asset(name), kind=pages.FILES[name], headers=headers)
        if self._kept is None:
            return Response(pages.how_to_set_a_pin(words), 200 if request.path == "/" else 404)
        if (shown := await wall.answer(request, self._hub.callers.screens, words)) is not None:
            return shown
        if request.path == "/sign-in" and request.method == "POST":
            return await self._sign_in(request, words)
        return await self._inside(request, words)

    async def _inside(self, request: Request, words: Words) -> Response:
        looking = request.path.startswith("/part")
        session = self.door.session(request.cookie(COOKIE), touch=not looking)
        if session is None:
            return Response(b"", 401) if looking else Response(pages.sign_in(words), AT_THE_DOOR[request.path == "/"])
        if request.method == "POST":
            return await self._deed(request, words, session)
        return await self._rooms.show(request.path, words, session)

    async def _deed(self, request: Request, words: Words, session: Session) -> Response:
        if not is_marked(session, request.form.get("mark", "")):
            return Response(pages.message(words, words("title"), words("expired"), session=session), 403)
        if request.path == "/sign-out":
            self.door.close(session.token)
            return see("/", **{"Set-Cookie": f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"})
        return await self._rooms.do(request, words, session)

    async def _sign_in(self, request: Request, words: Words) -> Response:
        """One try at a time: each costs a digest, and nobody may try beside the count."""
        async with self._trying:
            try:
                self.door.mind(request.peer)
            except Locked as lock:
                minutes = max(1, round(lock.seconds / 60 + 0.5))
                return Response(pages.sign_in(words, words("locked", minutes=minutes)), 429)
            right = await asyncio.to_thread(self.door.fits, request.form.get("pin", ""))
            session = self.door.judged(request.peer, right=right)
        if session is None:
            return Response(pages.sign_in(words, words("wrong")), 403)
        cookie = f"{COOKIE}={session.token}; Max-Age={int(IDLE_S) * 4}; Path=/; HttpOnly; SameSite=Strict"
        return see("/", **{"Set-Cookie": cookie})
