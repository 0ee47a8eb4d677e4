"""Somebody of the staff at the gateway's own page: signed in with the store's PIN, pressing its buttons."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass

from deploy.morning.client import Refused

MARK = re.compile(r'name="mark" value="([^"]+)"')
ROW = re.compile(r'<li id="step(-?\d+)"[^>]*><div class="row"><h3 class="ticket">([A-Z]\d{3})</h3><p>([^<]*)</p>')
TICKET = re.compile(r'class="ticket large" role="status">([A-Z]\d{3})<')
TROUBLE = re.compile(r'role="alert">([^<]+)<')
PATIENCE = 20.0
CALLS = "has called people since"


@dataclass(frozen=True)
class Row:
    """Somebody on the page of a station, with the words beside the number."""

    step: int
    ticket: str
    words: str

    @property
    def turn(self) -> int:
        """Which call they stand at."""
        found = re.search(r"(\d+) × called", self.words)
        return int(found[1]) if found else 1


class Box:
    """One browser's cookies. Raises OSError where the gateway does not answer."""

    def __init__(self, port: int) -> None:
        self._port, self._cookie, self._mark = port, "", ""

    def sign_in(self, pin: str) -> None:
        """Raises Refused."""
        self._press("/sign-in", pin=pin)
        self._mark = MARK.findall(self.page("/queue"))[0]

    def page(self, path: str) -> str:
        """Raises Refused."""
        return self._asked("GET", path)[1]

    @property
    def is_calling(self) -> bool:
        """Whether the gateway has the queue."""
        return CALLS in self.page("/queue")

    def take(self) -> None:
        """The internet is gone: from here, now."""
        self._press("/queue/take")

    def next(self, station: int, door: int, name: str) -> Row:
        """Call whose turn it is; who that was is read at one's own door. Raises Refused where nobody waits."""
        before = self._at(station, name)
        self._press("/queue/next", station=station, door=door)
        return next(one for one in self._at(station, name) if one not in before)

    def _at(self, station: int, name: str) -> list[Row]:
        return [one for one in self.line(station) if one.words.startswith("called") and name in one.words]

    def line(self, station: int) -> list[Row]:
        """Everybody at a station."""
        return [
            Row(int(step), ticket, words) for step, ticket, words in ROW.findall(self.page(f"/queue/station/{station}"))
        ]

    def do(self, step: int, deed: str, **told: object) -> None:
        """A button beside somebody. Raises Refused."""
        self._press(f"/queue/step/{step}", deed=deed, **told)

    def come(self, kind: str, due: str) -> str:
        """Somebody comes in; their number. Raises Refused."""
        return str(TICKET.findall(self._press("/queue/in", kind=kind, due=due))[0])

    def _press(self, path: str, **fields: object) -> str:
        told = {"mark": self._mark, **fields}
        status, said = self._asked("POST", path, urllib.parse.urlencode(told))
        if status >= 400:
            raise Refused(status, "".join(TROUBLE.findall(said)))
        return said

    def _asked(self, verb: str, path: str, body: str | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            line.request(verb, path, body, {"Cookie": self._cookie, **kind})
            answer = line.getresponse()
            said = answer.read().decode()
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self._cookie = cookie.partition(";")[0]
        return answer.status, said
