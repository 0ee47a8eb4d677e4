"""The last word on each topic, for those who come later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from deploy.broker.journal import Journal
from deploy.broker.messages import Message


@dataclass(slots=True)
class _Node:
    """A level of topics: what is below it, and the topic that ends here, if one does."""

    below: dict[str, "_Node"] = field(default_factory=dict)
    topic: str | None = None

    def fitting(self, levels: Sequence[str]) -> Iterator[str]:
        """Topics from here on that a filter's remaining levels take; ``a/#`` takes ``a`` as well."""
        if not levels:
            yield from [self.topic] if self.topic is not None else []
        elif levels[0] == "#":
            yield from self.fitting(())
            for one in self.below.values():
                yield from one.fitting(levels)
        elif levels[0] == "+":
            for one in self.below.values():
                yield from one.fitting(levels[1:])
        elif child := self.below.get(levels[0]):
            yield from child.fitting(levels[1:])

    def plant(self, topic: str) -> None:
        """Remember a topic."""
        node = self
        for level in topic.split("/"):
            node = node.below.setdefault(level, _Node())
        node.topic = topic

    def cut(self, levels: Sequence[str]) -> None:
        """Forget a topic, and levels that led to nothing else."""
        if not levels:
            self.topic = None
            return
        child = self.below[levels[0]]
        child.cut(levels[1:])
        if child.topic is None and not child.below:
            del self.below[levels[0]]


class Retained:
    """Topic to message, with a tree of the topics' levels: ten thousand gateways ask for theirs at once."""

    def __init__(self, journal: Journal, limit: int) -> None:
        self._messages: dict[str, Message] = {}
        self._tree = _Node()
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
            self.restore(message)
            self._journal.retain(message.topic, message)

    def restore(self, message: Message) -> None:
        """Take one back from the disk."""
        self._messages[message.topic] = message
        self._tree.plant(message.topic)
        self._size += message.size

    def matching(self, plain: str, now: float) -> Iterator[Message]:
        """What a new subscriber to the filter is owed."""
        found = [self._messages[topic] for topic in self._tree.fitting(plain.split("/"))]
        yield from (one for one in found if not one.expired(now))

    def discard_expired(self, now: float) -> None:
        """Let go of what nobody wants any more."""
        for message in [one for one in self._messages.values() if one.expired(now)]:
            self._drop(message.topic)

    def _drop(self, topic: str) -> None:
        old = self._messages.pop(topic, None)
        if old is not None:
            self._tree.cut(topic.split("/"))
            self._size -= old.size
            self._journal.retain(topic, None)
