"""A person at a browser, as far as requests go: follows redirects, keeps cookies, presses the buttons of a page."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from typing import Any

import pyotp

FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]*)"')


class Refused(Exception):
    """The server said no; ``args[0]`` is the status."""


class Visitor:
    """One browser's cookies."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._jar)
        )

    def cookies(self) -> list[dict[str, str]]:
        """What lets a browser go on where this one is, as playwright takes it."""
        return [{"name": one.name, "value": one.value or "", "url": self._address} for one in self._jar]

    def get(self, path: str) -> str:
        """The page. Raises Refused."""
        return self._open(path, None)

    def download(self, path: str) -> bytes:
        """A file that a page offers. Raises Refused."""
        return self._answer(path, None)

    def json(self, path: str) -> Any:
        """The API's answer. Raises Refused."""
        return json.loads(self.get(path))

    def press(self, page: str, action: str, **fields: str) -> str:
        """Send the form of a page whose action holds this text; the page one lands on. Raises Refused."""
        target, inside = next((unescape(a), inside) for a, inside in FORM.findall(page) if action in unescape(a))
        return self._open(target, {"csrf_token": TOKEN.findall(inside)[0], **fields})

    def post(self, path: str, **fields: str) -> str:
        """Send a form as it is. Raises Refused."""
        return self._open(path, fields)

    def send(self, path: str, **fields: str) -> str:
        """Send a form that no page of theirs offers. Raises Refused."""
        return self._open(path, {"csrf_token": TOKEN.findall(self.get("/account"))[0], **fields})

    def sign_in(self, email: str, password: str, totp_secret: str) -> str:
        """Let in, with a one-time code where one is asked for."""
        page = self.get("/sign-in")
        page = self.press(page, "/sign-in", email=email, password=password)
        if 'autocomplete="one-time-code"' in page:
            page = self.press(page, "/sign-in/code", code=pyotp.TOTP(totp_secret).now())
        return page

    def _open(self, path: str, fields: dict[str, str] | None) -> str:
        return self._answer(path, fields).decode()

    def _answer(self, path: str, fields: dict[str, str] | None) -> bytes:
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self._opener.open(urllib.parse.urljoin(self._address, path), data, timeout=20) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise Refused(refusal.code) from None
