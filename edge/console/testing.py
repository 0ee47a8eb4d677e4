"""Whether an instrument is heard, shown on a card: bytes and counts, never what it said."""

import time
from dataclasses import dataclass, field
from typing import Any

from edge.supervisor import Supervisor
from edge.supervisor.keeper import Keeper

LASTS_S = 300.0


@dataclass
class Card:
    """Listens in on one instrument from the moment it is made."""

    keeper: Keeper
    began: float = field(default_factory=time.time)
    size: int = 0
    heard_at: float | None = None

    def __post_init__(self) -> None:
        self._readings, self._garbled = self.keeper.readings, self.keeper.garbled
        self.keeper.ears.add(self.listen)

    def listen(self, by: Any, data: bytes) -> None:
        """Somebody said something; only how much of it is kept."""
        if by == "instrument":
            self.size += len(data)
            self.heard_at = time.time()

    @property
    def readings(self) -> int:
        """Readings since the card was made."""
        return self.keeper.readings - self._readings

    def put_away(self) -> None:
        """Stop listening."""
        self.keeper.ears.discard(self.listen)


class Cards:
    """The cards that are open, one an instrument."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._open: dict[str, Card] = {}

    def keeper(self, name: str) -> Keeper | None:
        """Who keeps this instrument."""
        return next((one for one in self._supervisor.keepers if one.settings.name == name), None)

    def card(self, name: str, *, fresh: bool = False) -> Card | None:
        """The card of an instrument; None where there is no such instrument."""
        for old in [one for one, card in self._open.items() if time.time() - card.began > LASTS_S]:
            self._open.pop(old).put_away()
        keeper, kept = self.keeper(name), self._open.get(name)
        if kept is not None and (fresh or kept.keeper is not keeper):
            self._open.pop(name).put_away()
            kept = None
        if keeper is not None and kept is None:
            self._open[name] = kept = Card(keeper)
        return kept

    def put_away(self) -> None:
        """All of them."""
        for card in self._open.values():
            card.put_away()
        self._open.clear()
