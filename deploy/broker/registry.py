"""Sessions from their first CONNECT to their end, and the wills they leave."""

import asyncio
from dataclasses import astuple, dataclass

from mqtt5 import ConnAckReasonCode, DisconnectReasonCode

from deploy.broker.door import NotAdmitted
from deploy.broker.exchange import Exchange
from deploy.broker.journal import SessionRow
from deploy.broker.messages import Message
from deploy.broker.rules import Everything, Permit, Rules
from deploy.broker.sessions import Key, Outlet, Session, Subscription

_TIDY_EVERY = 30.0
# Who may write here may show out whoever's name it comes with as its client id: mosquitto lets anyone do that.
TAKE_OVER = "$CONTROL/take-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a CONNECT asks of its session."""

    clean: bool
    expiry: int
    will: Message | None
    will_delay: int


class Registry:
    """All sessions by key, and the timers that end them."""

    def __init__(self, exchange: Exchange, rules: Rules | None, loop: asyncio.AbstractEventLoop) -> None:
        self.exchange = exchange
        self.sessions: dict[Key, Session] = {}
        self._rules = rules
        self._loop = loop
        self._numbers = 0
        self._endings: dict[Session, asyncio.TimerHandle] = {}
        self._wills: dict[Session, asyncio.TimerHandle] = {}
        self._tidy = loop.call_later(_TIDY_EVERY, self._discard_expired)

    def permit(self, key: Key) -> Permit:
        """What a client may do."""
        return Everything() if self._rules is None else self._rules.permit(*key)

    def open(self, key: Key, arrival: Arrival, outlet: Outlet, permit: Permit) -> tuple[Session, bool]:
        """The session for a connection, and whether it was there before. Raises NotAdmitted."""
        if self._rules is not None and key[0] != key[1] and permit.may_write(TAKE_OVER):
            self.kick(key[1])
        session = self.sessions.get(key)
        if session is not None:
            self._take_over(session)
            if arrival.clean:
                self.end(session)
        present = key in self.sessions
        session = self.sessions[key] if present else self._create(key, permit)
        self._wake(session, arrival, outlet, permit)
        return session, present

    def leave(self, session: Session, outlet: Outlet, *, expiry: int | None = None, quietly: bool = False) -> None:
        """A connection is over; ``quietly`` when the client said a proper goodbye, which cancels its will."""
        if session.outlet is not outlet:
            return
        session.outlet = None
        session.rewind()
        session.will = None if quietly else session.will
        if expiry is not None:
            self._change_expiry(session, expiry)
        self.settle(session)

    def end(self, session: Session) -> None:
        """Forget a session, its subscriptions and what waits for it; its will is due at the latest now."""
        if self.sessions.get(session.key) is not session:
            return
        self._cancel(session)
        del self.sessions[session.key]
        self._speak_will(session)
        self.exchange.forget(session)
        self.exchange.journal.end(session.number)

    def kick(self, name: str) -> int:
        """Disconnect everybody of that name and end their sessions; how many there were."""
        found = [session for (user, _), session in self.sessions.items() if user == name]
        for session in found:
            if session.outlet is not None:
                session.outlet.part(int(DisconnectReasonCode.ADMINISTRATIVE_ACTION), "ended by the operator")
            self.end(session)
        return len(found)

    def restore(self, session: Session, subscriptions: list[Subscription]) -> None:
        """Take back a session from the disk."""
        self.sessions[session.key] = session
        self._numbers = max(self._numbers, session.number)
        for subscription in subscriptions:
            self.exchange.restore(session, subscription)

    def save(self, session: Session) -> None:
        """Write down what a session is; what waits for it is written message by message."""
        if session.expiry:
            self.exchange.journal.session(_row(session))

    def stop(self) -> None:
        """Cancel every timer."""
        self._tidy.cancel()
        for timers in (self._endings, self._wills):
            for timer in timers.values():
                timer.cancel()
            timers.clear()

    def _take_over(self, session: Session) -> None:
        outlet = session.outlet
        if outlet is not None:
            self.leave(session, outlet)
            outlet.part(int(DisconnectReasonCode.SESSION_TAKEN_OVER), "the same client connected again")

    def _create(self, key: Key, permit: Permit) -> Session:
        if len(self.sessions) >= self.exchange.limits.sessions:
            raise NotAdmitted(ConnAckReasonCode.QUOTA_EXCEEDED, "there are too many sessions")
        self._numbers += 1
        session = Session(key, self._numbers, permit, self.exchange.journal, self.exchange.tally)
        self.sessions[key] = session
        return session

    def _wake(self, session: Session, arrival: Arrival, outlet: Outlet, permit: Permit) -> None:
        self._cancel(session)
        session.outlet, session.permit = outlet, permit
        session.will, session.will_delay = arrival.will, arrival.will_delay
        self._change_expiry(session, arrival.expiry)
        self.save(session)

    def _change_expiry(self, session: Session, expiry: int) -> None:
        if session.expiry and not expiry:
            self.exchange.journal.end(session.number)
        kept = bool(session.expiry)
        session.expiry = expiry
        if expiry and not kept:
            session.keep_all()

    def settle(self, session: Session, left_for: float = 0.0) -> None:
        """Start the clocks of a session nobody has been connected to for some seconds."""
        if not session.expiry:
            self.end(session)
            return
        self._endings[session] = self._loop.call_later(max(0.0, session.expiry - left_for), self.end, session)
        if session.will is not None and session.will_delay:
            delay = max(0.0, min(session.will_delay, session.expiry) - left_for)
            self._wills[session] = self._loop.call_later(delay, self._speak_will, session)
        else:
            self._speak_will(session)
        self.exchange.went(session)
        self.save(session)

    def _speak_will(self, session: Session) -> None:
        timer = self._wills.pop(session, None)
        will, session.will = session.will, None
        if timer is not None:
            timer.cancel()
        if will is not None:
            self.exchange.publish(will.reborn(self.exchange.clock()), session, anyway=True)
            self.save(session)

    def _cancel(self, session: Session) -> None:
        for timers in (self._endings, self._wills):
            timer = timers.pop(session, None)
            if timer is not None:
                timer.cancel()

    def _discard_expired(self) -> None:
        self.exchange.discard_expired(list(self.sessions.values()))
        self._tidy = self._loop.call_later(_TIDY_EVERY, self._discard_expired)


def _row(session: Session) -> SessionRow:
    user, client = session.key
    return SessionRow(
        number=session.number,
        user=user,
        client=client,
        expiry=session.expiry,
        online=session.online,
        subscriptions=tuple(astuple(one) for one in session.subscriptions.values()),
        will=None if session.will is None else session.will.packet.write(),
        will_delay=session.will_delay,
    )
