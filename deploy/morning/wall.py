"""A screen of the cloud on a wall, as a television's browser keeps it: listens, draws anew, says what it has drawn."""

import http.client
import re
import threading
import time
from collections.abc import Iterator

from deploy.morning.client import Client, Lost, Refused
from deploy.morning.devices import Drawn

CALL = re.compile(
    r'data-call="([^"]+)" data-turn="(\d+)".*?<strong class="number">([^<]+)</strong>.*?<span lang="en">([^<]*)</span>',
    re.DOTALL,
)
CSRF = re.compile(r'data-csrf="([^"]+)"')
AGAIN = 0.5  # seconds, as EventSource tries again
QUIET = 20.0  # without a word for longer than the cloud's beat, the line is given up


class Wall(threading.Thread):
    """Until ``over`` is set."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(name="wall", daemon=True)
        self._port, self._token, self._client = port, token, Client(port)
        self.drawn, self.over = list[Drawn](), threading.Event()

    def run(self) -> None:
        """Draw at every word, and with every new line."""
        while not self.over.is_set():
            try:
                self._client.bear(CSRF.findall(self._client.page(f"/screen/{self._token}"))[0])
                self._draw()
                for _word in self._words():
                    self._draw()
            except (Lost, Refused, OSError, http.client.HTTPException):
                time.sleep(AGAIN)

    def _words(self) -> Iterator[str]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=QUIET)
        try:
            line.request("GET", f"/screen/{self._token}/live")
            answer = line.getresponse()
            while (said := answer.readline()) and not self.over.is_set():
                if said.startswith(b"data: queue"):
                    yield "queue"
        finally:
            line.close()

    def _draw(self) -> None:
        found = CALL.findall(self._client.page(f"/screen/{self._token}/part"))
        known = {(one.call, one.turn) for one in self.drawn}
        rows = [Drawn(time.monotonic(), call, int(turn), ticket, door) for call, turn, ticket, door in reversed(found)]
        fresh = [one for one in rows if (one.call, one.turn) not in known]
        self.drawn += fresh
        if fresh:
            self._client.tell(f"/screen/{self._token}/shown", [one.call for one in fresh])
