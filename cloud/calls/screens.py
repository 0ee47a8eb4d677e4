"""Screens that anybody may read: each has an address of its own, and ends when somebody says so."""

import secrets
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.hashing import digest
from cloud.queue.errors import NoSuch
from cloud.queue.models import Screen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a screen stands and what it shows: what decides on its part, and never changes until it ends."""

    engine: Engine
    tenant_id: int
    store_id: int
    stations: tuple[int, ...]


class Together:
    """What many ask for at the same time is made once for all of them, and kept for nobody who asks later.

    Whoever asks gets what was begun after they asked: it holds every change that was kept before, by any process.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: dict[Hashable, Future[Any]] = {}  # wanted, and not begun
        self._going: dict[Hashable, Future[Any]] = {}

    def made(self, of: Hashable, make: Callable[[], T]) -> T:
        """Of the same ``of`` the same. Raises what ``make`` raises."""
        with self._lock:
            first, before = of not in self._next, self._going.get(of)
            ours: Future[T] = self._next.setdefault(of, Future())
        if first:
            wait([before] if before else ())
            self._make(of, ours, make)
        return ours.result()

    def _make(self, of: Hashable, ours: Future[T], make: Callable[[], T]) -> None:
        with self._lock:
            self._going[of] = self._next.pop(of)
        try:
            ours.set_result(make())
        except BaseException as trouble:
            ours.set_exception(trouble)
        with self._lock:
            if self._going.get(of) is ours:
                del self._going[of]


def open_(
    session: Session, store_id: int, sort: str, name: str, stations: Sequence[int] = (), *, by: int
) -> tuple[Screen, str]:
    """A screen and its token, which nobody can read again. ``stations``: those it shows, none for all."""
    token = secrets.token_urlsafe(24)
    told = {"store_id": store_id, "sort": sort, "name": name, "stations": list(stations), "by": by}
    screen = Screen(**told, digest=digest(token))
    session.add(screen)
    session.flush()
    audit.note(session, by=by, verb="opened", kind="queue_screen", subject=screen.id)
    return screen, token


def of_store(session: Session, store_id: int, sort: str = "screen") -> list[Screen]:
    """Those that have not ended."""
    query = select(Screen).where(Screen.store_id == store_id, Screen.sort == sort, Screen.ended.is_(False))
    return list(session.scalars(query.order_by(Screen.id)))


def screen(session: Session, screen_id: int) -> Screen:
    """One of them. Raises NoSuch."""
    found = session.scalars(select(Screen).where(Screen.id == screen_id, Screen.ended.is_(False))).first()
    if found is None:
        raise NoSuch
    return found


def leading(session: Session, store_id: int) -> frozenset[str]:
    """The digests of those tokens that lead to a store's screens."""
    return frozenset(session.scalars(select(Screen.digest).where(Screen.store_id == store_id, Screen.ended.is_(False))))


def end(session: Session, store_id: int, screen_id: int, *, by: int) -> None:
    """Its address leads nowhere any more. Raises NoSuch."""
    found = screen(session, screen_id)
    if found.store_id != store_id:
        raise NoSuch
    found.ended = True
    session.flush()
    audit.note(session, by=by, verb="ended", kind="queue_screen", subject=screen_id)
