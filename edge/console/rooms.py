"""The pages behind the door, by their paths, and what can be done there."""

from datetime import datetime
from typing import Any

from edge.console import bluetooth, lamp, pages
from edge.console.door import Session
from edge.console.hub import Hub
from edge.console.markup import Html, joined, tag
from edge.console.queue import Desk
from edge.console.testing import Card
from edge.console.words import Words
from edge.http.serving import Request, Response, see


class Rooms:
    """For whoever is in."""

    def __init__(self, hub: Hub) -> None:
        self._hub, self._window, self._queue = hub, lamp.Window(), Desk(hub.queue)

    async def show(self, path: str, words: Words, session: Session) -> Response:
        """A page to look at."""
        _, first, *rest = path.split("/", 2)
        match first, *rest:
            case [""]:
                return Response(pages.front(words, await self._status(), session))
            case ["part"]:
                return Response(str(pages.live(words, await self._status())).encode())
            case ["add"]:
                return Response(bluetooth.page(words, self._hub.finder.adder, session))
            case ["remove", name] if name in self._hub.finder.adder.added:
                return Response(bluetooth.removal(words, name, session))
            case ["queue", *more] if (page := self._queue.show("".join(more), words, session)) is not None:
                return page
            case ["part", room] if room == "queue" or room.startswith("queue/"):
                return self._queue.part(room[6:], words, session)
            case ["checks"]:
                return Response(pages.checks(words, await self._hub.check(words.language), session))
            case ["restart"]:
                return Response(_restart(words, session))
            case ["pair", name] if self._hub.finder.configured(name):
                return Response(self._pair(words, name, session))
            case ["test", name] if self._hub.cards.keeper(name):
                return Response(await self._test(words, name, session))
            case ["call", name] if name in self._hub.callers.kept:
                return Response(_call(words, name, session))
            case ["camera", name] if lamp.at(self._hub.cards.keeper(name)):
                return Response(lamp.page(words, name, self._hub.cards.keeper(name), session))
            case ["part", room] if room.startswith("frame-"):
                name = room.removeprefix("frame-")
                return await self._window.look(name, self._hub.cards.keeper(name), session)
            case ["part", room]:
                return self._part(words, room)
        return _nowhere(words, session)

    async def do(self, request: Request, words: Words, session: Session) -> Response:
        """A form that was sent."""
        _, first, *rest = request.path.split("/", 2)
        match first, *rest:
            case ["restart"]:
                self._hub.restart()
                card = pages.message(words, words("restart"), words("restarting"), session=session, wait="/")
                return Response(card)
            case ["queue", path]:
                return await self._queue.do(path, request, words, session)
            case ["add"]:
                return await bluetooth.do(words, self._hub.finder.adder, request.form, session)
            case ["remove", name] if name in self._hub.finder.adder.added:
                return await bluetooth.remove(words, self._hub.finder.adder, name, session)
            case ["pair", name] if self._hub.finder.configured(name):
                return await self._pairing(words, name, request.form.get("port"), session)
            case ["call", name] if name in self._hub.callers.kept:
                return Response(await self._called(words, name, session))
            case ["camera", name] if lamp.at(self._hub.cards.keeper(name)):
                return await lamp.do(words, name, self._hub.cards.keeper(name), request.form, session)
        return _nowhere(words, session)

    async def _status(self) -> dict[str, Any]:
        """The gateway's, and which instruments were added on this page."""
        status = await self._hub.status()
        added = self._hub.finder.adder.added
        told = [{**one, "added": one["name"] in added} for one in status["instruments"]]
        return {**status, "instruments": told}

    async def _pairing(self, words: Words, name: str, port: str | None, session: Session) -> Response:
        finder, title = self._hub.finder, words("pair_name", name=name)
        if finder.busy and finder.name != name:
            return Response(pages.message(words, title, words("busy"), session=session), 409)
        if port is None:
            if not finder.busy:
                finder.begin(name)
            return see(f"/pair/{name}")
        if await finder.confirm(name, port):
            return Response(pages.message(words, title, words("paired", name=name, port=port), session=session))
        return see(f"/pair/{name}")

    def _pair(self, words: Words, name: str, session: Session) -> bytes:
        title, found = words("pair_name", name=name), self._hub.finder.configured(name)
        if found is None or found.url.startswith(pages.NETWORKED):
            return pages.message(words, title, words("pair_refused", name=name), session=session)
        what = "pair_what_radio" if self._hub.finder.on_radio(name) else "pair_what"
        body: list[Any] = [tag("p", words(what, seconds=int(self._hub.finder.seconds)))]
        body += [tag("p", words("pair_safe", name=name), class_="quiet")]
        if self._hub.finder.name == name:
            body.append(self._outcome(words, name, session))
        if not (self._hub.finder.busy and self._hub.finder.name == name):
            button = words("listen_again" if self._hub.finder.name == name else "listen")
            body.append(pages.form(f"/pair/{name}", session, tag("button", button)))
        return pages.message(words, title, *body, session=session)

    def _outcome(self, words: Words, name: str, session: Session) -> Html:
        finder = self._hub.finder
        match finder.state:
            case "listening":
                return tag("div", self._listening(words), id="live", data_live="/part/pair")
            case "found" if finder.heard is not None:
                heard = finder.heard
                port = tag("input", type="hidden", name="port", value=heard.port)
                yes = pages.form(f"/pair/{name}", session, port, tag("button", words("confirm", name=name)))
                told = words("found_on", what=heard.name, port=heard.port)
                return joined(
                    tag("p", tag("strong", words("heard_here")), " ", told, class_="good", role="status"), yes
                )
            case "no_ports":
                return tag("p", words("no_ports"), class_="trouble", role="status")
            case "nothing":
                lines = [tag("li", one) for one in finder.why]
                told = tag("p", words("nothing_heard"), class_="trouble", role="status")
                return joined(told, tag("ul", lines, lang="en") if lines else None)
        return Html()

    def _listening(self, words: Words) -> Html:
        what = "listening_radio" if self._hub.finder.on_radio(self._hub.finder.name) else "listening"
        return tag("section", tag("p", words(what), role="status"), id="listening")

    async def _test(self, words: Words, name: str, session: Session) -> bytes:
        title, keeper = words("test_name", name=name), self._hub.cards.keeper(name)
        if keeper is None or keeper.state != "connected":
            return pages.message(words, title, words("test_refused", name=name), session=session)
        card = self._hub.cards.card(name, fresh=True)
        shown = tag("div", _card(words, card), id="live", data_live=f"/part/test-{name}")
        return pages.message(words, title, tag("p", words("test_press")), shown, session=session)

    async def _called(self, words: Words, name: str, session: Session) -> bytes:
        """What came of a test of a caller."""
        answer = await self._hub.callers.test(name)
        failed = words("test_failed", name=name, why=answer.why)
        said = failed if answer.state == "failed" else f"{words('test_called', name=name)} {answer.why}"
        return pages.message(words, words("test_name", name=name), said, session=session)

    def _part(self, words: Words, room: str) -> Response:
        if room == "add":
            adder = self._hub.finder.adder
            return Response(str(bluetooth.listening(words)).encode(), headers={} if adder.busy else {"X-Done": "1"})
        if room == "pair":
            done = {} if self._hub.finder.busy else {"X-Done": "1"}
            return Response(str(self._listening(words)).encode(), headers=done)
        if room.startswith("camera-"):
            seen = lamp.seen(words, self._hub.cards.keeper(room.removeprefix("camera-")))
            return Response(str(seen).encode())
        card = self._hub.cards.card(room.removeprefix("test-"))
        return Response(str(_card(words, card)).encode())


def _card(words: Words, card: Card | None) -> Html:
    if card is None or card.heard_at is None:
        told, good = words("test_nothing"), "quiet"
    elif card.readings:
        time = f"{datetime.fromtimestamp(card.heard_at).astimezone():%H:%M:%S}"
        told, good = words("test_good", readings=card.readings, time=time), "good"
    else:
        told, good = words("test_bytes", bytes=card.size), "warn"
    return tag("section", tag("p", told, class_=good, role="status"), id="card")


def _restart(words: Words, session: Session) -> bytes:
    button = pages.form("/restart", session, tag("button", words("restart")))
    return pages.message(words, words("restart_sure"), words("restart_what"), button, session=session)


def _call(words: Words, name: str, session: Session) -> bytes:
    """A test prints, shows or speaks, so it is asked for."""
    button = pages.form(f"/call/{name}", session, tag("button", words("call_test")))
    return pages.message(words, words("test_name", name=name), words("call_test_what"), button, session=session)


def _nowhere(words: Words, session: Session) -> Response:
    return Response(pages.message(words, words("title"), words("not_found"), session=session), 404)
