"""Who subscribes to what: a tree of filters, and for each topic in use a route worked out once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.broker.sessions import Session, Subscription
from deploy.broker.topics import split_share

_REMEMBERED = 8_192


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms one session gets the messages of one topic; overlapping filters give one copy."""

    qos: int
    as_published: bool
    identifiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A session on a route. ``own`` are the terms for what it published itself, None under no-local."""

    session: Session
    terms: Terms
    own: Terms | None


@dataclass(slots=True, eq=False)
class Group:
    """A shared subscription.

    Each topic keeps to one member while the membership lasts, so that one gateway's batches stay in order;
    new topics go round the members in turn.
    """

    name: str
    members: dict[Session, Terms] = field(default_factory=dict)
    _chosen: dict[str, Session] = field(default_factory=dict)
    _turn: int = 0

    def reshuffle(self) -> None:
        """Somebody came or went: deal the topics anew."""
        self._chosen.clear()

    def candidates(self, topic: str) -> list[Session]:
        """Members in order of preference: the one the topic keeps to, then the others; absent ones only alone."""
        present = [one for one in self.members if one.outlet is not None] or list(self.members)
        able = [one for one in present if one.permit.may_read(topic)]
        if len(able) > 1:
            first = self._choose(topic, able)
            able.sort(key=lambda one: one is not first)
        return able

    def _choose(self, topic: str, able: list[Session]) -> Session:
        if topic not in self._chosen:
            if len(self._chosen) >= _REMEMBERED:
                self._chosen.clear()
            self._turn += 1
            self._chosen[topic] = able[self._turn % len(able)]
        return self._chosen[topic]


@dataclass(frozen=True, slots=True)
class Route:
    """Everybody a topic's messages go to."""

    stops: tuple[Stop, ...]
    groups: tuple[Group, ...]


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    plain: dict[Session, Subscription] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        return not (self.children or self.plain or self.groups)


class Directory:
    """All subscriptions of all sessions."""

    def __init__(self) -> None:
        self._root = _Node()
        self._routes: dict[str, Route] = {}

    def add(self, session: Session, subscription: Subscription) -> None:
        """Enter a filter, or change its options."""
        share, plain = split_share(subscription.filter)
        node = self._node(plain)
        if share:
            group = node.groups.setdefault(share, Group(subscription.filter))
            group.members[session] = _terms([subscription])
            group.reshuffle()
        else:
            node.plain[session] = subscription
        self._routes.clear()

    def remove(self, session: Session, text: str) -> None:
        """Strike a filter out."""
        share, plain = split_share(text)
        path = self._path(plain)
        node = path[-1][1]
        node.plain.pop(session, None) if not share else _leave(node, share, session)
        _prune(path)
        self._routes.clear()

    def group(self, text: str) -> Group:
        """The shared subscription of that filter, which must exist."""
        share, plain = split_share(text)
        return self._node(plain).groups[share]

    def route(self, topic: str) -> Route:
        """Where the messages of a topic go."""
        route = self._routes.get(topic)
        if route is None:
            if len(self._routes) >= _REMEMBERED:
                self._routes.clear()
            route = self._routes[topic] = self._work_out(topic)
        return route

    def _work_out(self, topic: str) -> Route:
        nodes = list(_walk(self._root, topic.split("/"), first=True))
        found: dict[Session, list[Subscription]] = {}
        for node in nodes:
            for session, subscription in node.plain.items():
                found.setdefault(session, []).append(subscription)
        return Route(
            tuple(_stop(session, subscriptions) for session, subscriptions in found.items()),
            tuple(group for node in nodes for group in node.groups.values()),
        )

    def _node(self, plain: str) -> _Node:
        node = self._root
        for level in plain.split("/"):
            node = node.children.setdefault(level, _Node())
        return node

    def _path(self, plain: str) -> list[tuple[str, _Node]]:
        node = self._root
        path = [("", node)]
        for level in plain.split("/"):
            node = node.children.setdefault(level, _Node())
            path.append((level, node))
        return path


def _terms(found: list[Subscription]) -> Terms:
    identifiers = tuple(one.identifier for one in found if one.identifier is not None)
    return Terms(max(one.qos for one in found), any(one.as_published for one in found), identifiers)


def _stop(session: Session, found: list[Subscription]) -> Stop:
    local = [one for one in found if not one.no_local]
    return Stop(session, _terms(found), _terms(local) if local else None)


def _leave(node: _Node, share: str, session: Session) -> None:
    group = node.groups[share]
    group.members.pop(session, None)
    group.reshuffle()
    if not group.members:
        del node.groups[share]


def _prune(path: list[tuple[str, _Node]]) -> None:
    for (_, parent), (level, node) in zip(path[-2::-1], path[:0:-1], strict=True):
        if not node.bare:
            return
        del parent.children[level]


def _walk(node: _Node, levels: list[str], *, first: bool = False) -> Iterator[_Node]:
    wild = not (first and levels[0].startswith("$"))
    if wild and "#" in node.children:
        yield node.children["#"]
    if not levels:
        yield node
        return
    for level in {levels[0], "+"} if wild else {levels[0]}:
        if level in node.children:
            yield from _walk(node.children[level], levels[1:])
