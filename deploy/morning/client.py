"""Somebody of the staff at a computer: signed in, with buttons that are pressed by HTTP."""

import http.client
import json
import re
import urllib.parse
from typing import Any

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]*)"')
PATIENCE = 20.0


class Lost(Exception):
    """No answer came: it may have been done or not."""


class Refused(Exception):
    """The cloud said no. ``args``: status, what it says."""


class Client:
    """One browser's cookies."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies, self._token = port, dict[str, str](), ""

    def sign_in(self, email: str, password: str) -> None:
        """Raises Refused, Lost."""
        self._token = TOKEN.findall(self.page("/sign-in"))[0]
        self.form("/sign-in", email=email, password=password)
        self._token = TOKEN.findall(self.page("/account"))[0]

    def page(self, path: str) -> str:
        """Raises Refused, Lost."""
        return self._asked("GET", path)[0]

    def json(self, path: str, told: dict[str, Any] | None = None) -> Any:
        """Ask the API, or tell it something. Raises Refused, Lost."""
        if told is None:
            return json.loads(self._asked("GET", path)[0])
        return json.loads(self.tell(path, told))

    def tell(self, path: str, told: object) -> str:
        """Send JSON to a page; what it answers. Raises Refused, Lost."""
        return self._asked("POST", path, json.dumps(told), "application/json")[0]

    def bear(self, token: str) -> None:
        """Take the token of a page that is open."""
        self._token = token

    def form(self, path: str, **fields: object) -> str:
        """Press a button of a page; where it leads. Raises Refused, Lost."""
        told = urllib.parse.urlencode({"csrf_token": self._token, **fields})
        return self._asked("POST", path, told, "application/x-www-form-urlencoded")[1]

    def _asked(self, verb: str, path: str, body: str | None = None, kind: str = "") -> tuple[str, str]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            line.request(verb, path, body, self._headers(kind))
            answer = line.getresponse()
            said = answer.read().decode()
        except (OSError, http.client.HTTPException) as trouble:
            raise Lost(type(trouble).__name__) from None
        finally:
            line.close()
        self._keep(answer)
        return self._judged(answer.status, said), answer.getheader("Location") or ""

    def _headers(self, kind: str) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        told = {"Cookie": cookies, "X-CSRFToken": self._token, "Content-Type": kind}
        return {name: value for name, value in told.items() if value}

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for said in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = said.partition(";")[0].partition("=")
            self._cookies[name] = value

    def _judged(self, status: int, said: str) -> str:
        if status in (500, 502, 503):  # it is starting or ending, or its database is
            raise Lost(status)
        if status >= 400:
            raise Refused(status, said)
        return said
