"""How sure a dialect of text is: by what could be read as a whole, and less when something else stands beside it."""

from collections.abc import Sequence

from protocols import framing
from protocols.framing import Event, Grammar, Recognition, Transmission

_AMONG_NOISE = 55
_NOTHING = Recognition(0, "nothing that this dialect says")


def judged(events: Sequence[Event], whole: Recognition, begun: str) -> Recognition:
    """``whole`` when all of it was read; ``begun`` says why a beginning that could not be read still counts."""
    read = sum(isinstance(event, Transmission) for event in events)
    if read == len(events):
        return whole if read else _NOTHING
    if read:
        return Recognition(min(whole.score, _AMONG_NOISE), f"{whole.why}, among other bytes")
    return Recognition(15, begun) if begun else _NOTHING


def recognised(grammar: Grammar, data: bytes, whole: Recognition, begun: str) -> Recognition:
    """Judge a whole capture; most are somebody else's, and where nothing begins nothing need be read."""
    if grammar.begins.search(data) is None:
        return _NOTHING
    return judged(framing.decode(grammar, data), whole, begun)
