"""The last word on each topic, for those who come later."""

from collections.abc import Iterator

from deploy.broker.journal import Journal
from deploy.broker.messages import Message
from deploy.broker.topics import matches


class Retained:
    """Topic to message.

    A filter with wildcards is answered by looking at every topic: right for a chain's few thousand, and one
    of the reasons why a large fleet gets another broker.
    """

    def __init__(self, journal: Journal, limit: int) -> None:
        self._messages: dict[str, Message] = {}
        self._journal = journal
        self._limit = limit
        self._size = 0

    def has_room(self, message: Message) -> bool:
        """Whether the message may be kept."""
        old = self._messages.get(message.topic)
        return self._size + message.size - (old.size if old else 0) <= self._limit

    def put(self, message: Message) -> None:
        """Keep it in place of the one before; an empty payload only clears."""
        self._drop(message.topic)
        if message.packet.payload:
            self._messages[message.topic] = message
            self._size += message.size
            self._journal.retain(message.topic, message)

    def restore(self, message: Message) -> None:
        """Take one back from the disk."""
        self._messages[message.topic] = message
        self._size += message.size

    def matching(self, plain: str, now: float) -> Iterator[Message]:
        """What a new subscriber to the filter is owed."""
        if "+" not in plain and "#" not in plain:
            found = [self._messages[plain]] if plain in self._messages else []
        else:
            levels = plain.split("/")
            found = [one for topic, one in self._messages.items() if matches(levels, topic.split("/"))]
        yield from (one for one in found if not one.expired(now))

    def discard_expired(self, now: float) -> None:
        """Let go of what nobody wants any more."""
        for message in [one for one in self._messages.values() if one.expired(now)]:
            self._drop(message.topic)

    def _drop(self, topic: str) -> None:
        old = self._messages.pop(topic, None)
        if old is not None:
            self._size -= old.size
            self._journal.retain(topic, None)
