"""Who may come in: PIN, tries that run out, sessions, and a mark on every form. In memory; a restart ends them all."""

import hmac
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

TRIES, REST_S, LONGEST_REST_S = 5, 60.0, 3600.0
ALL_TRIES, ALL_WINDOW_S = 40, 3600.0  # over all callers: addresses cost nothing in a local network
IDLE_S, MOST_SESSIONS = 1800.0, 64  # a store has a tablet at every door
MOST_CALLERS = 256


class Locked(Exception):
    """No try is taken now; ``seconds`` says for how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class Session:
    """Somebody who knew the PIN; ``mark`` stands in every form (against forged requests)."""

    token: str
    mark: str
    seen: float


@dataclass(slots=True)
class _Caller:
    wrong: int = 0
    rests: int = 0
    until: float = 0.0


@dataclass
class Door:
    """``fits`` says whether a PIN is right; ``now`` is a monotonic clock."""

    fits: Callable[[str], bool]
    now: Callable[[], float]
    _sessions: dict[str, Session] = field(default_factory=dict)
    _callers: dict[str, _Caller] = field(default_factory=dict)
    _wrong: deque[float] = field(default_factory=deque)

    def mind(self, caller: str) -> None:
        """May this caller try? Raises Locked."""
        now = self.now()
        while self._wrong and now - self._wrong[0] > ALL_WINDOW_S:
            self._wrong.popleft()
        waits = [one.until - now for one in (self._callers.get(caller),) if one and one.until > now]
        if len(self._wrong) >= ALL_TRIES:
            waits.append(self._wrong[0] + ALL_WINDOW_S - now)
        if waits:
            raise Locked(max(waits))

    def judged(self, caller: str, *, right: bool) -> Session | None:
        """Note how a try went: a session, or none."""
        if right:
            self._callers.pop(caller, None)
            return self._open()
        self._wrong.append(self.now())
        self._count(caller)
        return None

    def _count(self, caller: str) -> None:
        if len(self._callers) >= MOST_CALLERS:
            self._callers.pop(min(self._callers, key=lambda one: self._callers[one].until))
        kept = self._callers.setdefault(caller, _Caller())
        kept.wrong += 1
        if kept.wrong >= TRIES:
            kept.until = self.now() + min(REST_S * 4**kept.rests, LONGEST_REST_S)
            kept.wrong, kept.rests = 0, kept.rests + 1

    def _open(self) -> Session:
        self._forget_old()
        while len(self._sessions) >= MOST_SESSIONS:
            self._sessions.pop(min(self._sessions, key=lambda one: self._sessions[one].seen))
        found = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(16), self.now())
        self._sessions[found.token] = found
        return found

    def _forget_old(self) -> None:
        now = self.now()
        for token in [one.token for one in self._sessions.values() if now - one.seen > IDLE_S]:
            del self._sessions[token]

    def session(self, token: str, *, touch: bool = True) -> Session | None:
        """The session of a cookie; looking by itself (``touch`` false) does not keep it open."""
        self._forget_old()
        found = self._sessions.get(token)
        if found is not None and touch:
            found.seen = self.now()
        return found

    def close(self, token: str) -> None:
        """Somebody leaves."""
        self._sessions.pop(token, None)

    def close_all(self) -> None:
        """The PIN changed."""
        self._sessions.clear()


def is_marked(session: Session, mark: str) -> bool:
    """Whether a form is one of this session's."""
    return hmac.compare_digest(session.mark.encode(), mark.encode())
