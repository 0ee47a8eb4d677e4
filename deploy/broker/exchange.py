"""The middle of the broker: takes messages, finds whom they are for, hands them over."""

from collections.abc import Callable

from mqtt5 import PubAckReasonCode, SubAckReasonCode, TopicFilter, UnsubAckReasonCode

from deploy.broker.directory import Directory, Group, Terms
from deploy.broker.journal import Journal
from deploy.broker.limits import Limits
from deploy.broker.messages import Delivery, Message
from deploy.broker.retained import Retained
from deploy.broker.sessions import Session, Subscription, Tally
from deploy.broker.topics import is_filter, split_share

Taker = tuple[Session, Terms, str]


class Exchange:
    """Publishing and subscribing. Knows sessions, never sockets."""

    def __init__(self, limits: Limits, journal: Journal, clock: Callable[[], float]) -> None:
        self.limits = limits
        self.journal = journal
        self.clock = clock
        self.tally = Tally()
        self.directory = Directory()
        self.retained = Retained(journal, limits.retained)

    def publish(self, message: Message, sender: Session | None, *, anyway: bool = False) -> PubAckReasonCode:
        """Hand a message to everybody it is for, or to nobody when one of them has no room left.

        Nobody, because a publisher that is told 0x97 will try again, and then the others would have it twice.
        A will has no publisher any more to try again, so it goes ``anyway`` to those with room.
        """
        takers = self._takers(message, sender, anyway=anyway)
        if takers is None or (message.retain and not self.retained.has_room(message)) or self.journal.failing:
            return PubAckReasonCode.QUOTA_EXCEEDED
        if message.retain:
            self.retained.put(message)
        for session, terms, group in takers:
            session.offer(_delivery(message, terms, group))
        return PubAckReasonCode.SUCCESS if takers else PubAckReasonCode.NO_MATCHING_SUBSCRIBERS

    def subscribe(self, session: Session, wanted: TopicFilter, identifier: int | None) -> SubAckReasonCode:
        """Enter one filter and send what is retained for it."""
        share, plain = split_share(wanted.pattern)
        refusal = self._refusal(session, wanted.pattern, plain)
        if refusal is not None:
            return refusal
        subscription = Subscription(
            wanted.pattern, min(1, int(wanted.max_qos)), wanted.no_local, wanted.retain_as_published, identifier
        )
        known = wanted.pattern in session.subscriptions
        owed = [] if share or not _is_owed(wanted, known=known) else self._owed(session, plain)
        if session.waiting + sum(one.size for one in owed) > self.limits.queue:
            return SubAckReasonCode.QUOTA_EXCEEDED
        self._enter(session, subscription)
        for message in owed:
            session.offer(_retained(message, subscription))
        return SubAckReasonCode(subscription.qos)

    def unsubscribe(self, session: Session, text: str) -> UnsubAckReasonCode:
        """Strike one filter out."""
        if session.subscriptions.pop(text, None) is None:
            return UnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED
        self.directory.remove(session, text)
        if split_share(text)[0]:
            self._redirect(session.take([text]))
        return UnsubAckReasonCode.SUCCESS

    def came(self, session: Session) -> None:
        """A member of shared subscriptions is connected: it takes over what waits for absent ones."""
        for group in self._groups(session):
            group.reshuffle()
            for absent in [one for one in group.members if not one.online]:
                self._redirect(absent.take([group.name]))

    def went(self, session: Session) -> None:
        """A member is gone: what was meant for it goes to the members still here, if there are any."""
        for group in self._groups(session):
            group.reshuffle()
            if any(one.online for one in group.members):
                self._redirect(session.take([group.name]))

    def forget(self, session: Session) -> None:
        """A session has ended."""
        texts = list(session.subscriptions)
        for text in texts:
            del session.subscriptions[text]
            self.directory.remove(session, text)
        self._redirect(session.take([text for text in texts if split_share(text)[0]]))
        session.empty()

    def discard_expired(self, sessions: list[Session]) -> None:
        """Let go of what nobody wants any more."""
        now = self.clock()
        self.retained.discard_expired(now)
        for session in sessions:
            session.discard_expired(now)

    def restore(self, session: Session, subscription: Subscription) -> None:
        """Enter a filter read from the disk."""
        self._enter(session, subscription)

    def _enter(self, session: Session, subscription: Subscription) -> None:
        session.subscriptions[subscription.filter] = subscription
        self.directory.add(session, subscription)

    def _refusal(self, session: Session, text: str, plain: str) -> SubAckReasonCode | None:
        if not is_filter(text):
            return SubAckReasonCode.TOPIC_FILTER_INVALID
        if not session.permit.may_subscribe(plain):
            return SubAckReasonCode.NOT_AUTHORIZED
        if len(session.subscriptions) >= self.limits.subscriptions and text not in session.subscriptions:
            return SubAckReasonCode.QUOTA_EXCEEDED
        return None

    def _owed(self, session: Session, plain: str) -> list[Message]:
        now = self.clock()
        return [one for one in self.retained.matching(plain, now) if session.permit.may_read(one.topic)]

    def _takers(self, message: Message, sender: Session | None, *, anyway: bool) -> list[Taker] | None:
        """Whom it is for; None when one of them has no room and was promised not to miss any."""
        route = self.directory.route(message.topic)
        takers: list[Taker] = []
        for stop in route.stops:
            terms = stop.own if stop.session is sender else stop.terms
            if terms is None or not stop.session.permit.may_read(message.topic):
                continue
            promised = message.qos and terms.qos
            if not self._has_room(stop.session, message):
                if promised and not anyway:
                    return None
                stop.session.lost += 1
            elif promised or stop.session.outlet is not None:
                takers.append((stop.session, terms, ""))
        for group in route.groups:
            able = group.candidates(message.topic)
            taker = next((one for one in able if self._has_room(one, message)), None)
            if taker is not None:
                takers.append((taker, group.members[taker], group.name))
            elif able and message.qos and not anyway:
                return None
        return takers

    def _has_room(self, session: Session, message: Message) -> bool:
        return (
            session.waiting + message.size <= self.limits.queue
            and self.tally.waiting + message.size <= self.limits.total
        )

    def _groups(self, session: Session) -> list[Group]:
        return [self.directory.group(text) for text in session.subscriptions if split_share(text)[0]]

    def _redirect(self, deliveries: list[Delivery]) -> None:
        """Give shared messages to another member. Room was found for them once, so none is asked for again."""
        for delivery in deliveries:
            topic = delivery.message.topic
            for group in self.directory.route(topic).groups:
                able = group.candidates(topic) if group.name == delivery.group else []
                for taker in able[:1]:
                    taker.offer(_delivery(delivery.message, group.members[taker], group.name))


def _delivery(message: Message, terms: Terms, group: str) -> Delivery:
    qos = min(message.qos, terms.qos)
    return Delivery(message, qos, message.retain and terms.as_published, terms.identifiers, group)


def _retained(message: Message, subscription: Subscription) -> Delivery:
    identifiers = () if subscription.identifier is None else (subscription.identifier,)
    return Delivery(message, min(message.qos, subscription.qos), retain=True, identifiers=identifiers)


def _is_owed(wanted: TopicFilter, *, known: bool) -> bool:
    handling = int(wanted.retain_handling)
    return handling == 0 or (handling == 1 and not known)
