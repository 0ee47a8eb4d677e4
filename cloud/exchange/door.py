"""The door for other programs: a key in the header says which chain; what is asked happens in its unit of work."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial, wraps
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from cloud.accounts.gate import engine, public
from cloud.exchange import queries
from cloud.exchange.errors import NoSuchKey
from cloud.exchange.queries import Caller

LONGEST = 100
Enter = Callable[[], AbstractContextManager[Caller]]


def keyed(view: Callable[..., ResponseReturnValue]) -> Any:
    """Only who shows a key that holds gets in; the view gets the caller first."""

    @wraps(view)
    def inside(enter: Enter, **parts: Any) -> ResponseReturnValue:
        with enter() as caller:
            return view(caller, **parts)

    return keyed_anew(inside)


def keyed_anew(view: Callable[..., ResponseReturnValue]) -> Any:
    """The same for a view that may begin more than once: it gets the door, to enter as often as it has to."""

    @wraps(view)
    def guarded(**parts: Any) -> ResponseReturnValue:
        try:
            return view(partial(queries.with_key, engine(), _shown()), **parts)
        except NoSuchKey:
            return _closed()

    return public(guarded)


def _shown() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and len(secret) <= LONGEST else ""


def _closed() -> Response:
    told = {"WWW-Authenticate": 'Bearer realm="emmetra"', "Cache-Control": "no-store"}
    return Response('{"error":"no_key"}', 401, told, mimetype="application/json")
