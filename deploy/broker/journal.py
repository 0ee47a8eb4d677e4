"""What a broker writes down. This one writes nothing: the broker without a data directory."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.broker.messages import Delivery, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session as it is written down; ``will`` is the PUBLISH it would turn into."""

    number: int
    user: str
    client: str
    expiry: int
    online: bool
    subscriptions: tuple[tuple[object, ...], ...]
    will: bytes | None
    will_delay: int


class Journal:
    """Keeps nothing, and is therefore always done. ``deploy.broker.disk`` has the other one."""

    failing = False

    def keep(self, session: int, delivery: Delivery) -> None:
        """A message waits for a session."""

    def sent(self, session: int, seq: int) -> None:
        """A session was sent everything up to this number."""

    def forget(self, session: int, seq: int) -> None:
        """A message was acknowledged, or has expired."""

    def session(self, row: SessionRow) -> None:
        """A session is new or has changed."""

    def end(self, session: int) -> None:
        """A session has ended, and everything kept for it."""

    def retain(self, topic: str, message: Message | None) -> None:
        """A topic has a new retained message; None means it has none."""

    def when_safe(self, then: Callable[[bool], None]) -> None:
        """Call back once all of the above is as safe as it gets; False when it could not be written."""
        then(True)

    async def stop(self) -> None:
        """Finish writing."""
