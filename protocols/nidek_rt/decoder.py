"""The stream: bytes in whatever pieces they arrive, events out; and how sure the dialect is of a capture."""

from collections.abc import Iterable

from protocols.framing import Event, Gatherer, Grammar, Recognition, Request, Transmission
from protocols.nidek_rt.grammar import BEGINS, ENDS, EOT, EXPECTED, INVITATION, LIMIT, PAUSE_AFTER_EOT, PAUSE_WITHIN
from protocols.nidek_rt.transmission import read
from protocols.readings import Reading


def _read(raw: bytes) -> tuple[Reading, ...]:
    return () if INVITATION.fullmatch(raw) else read(raw)


GRAMMAR = Grammar(
    begins=BEGINS, ends=ENDS, read=_read, expected=EXPECTED, limit=LIMIT, pause=PAUSE_WITHIN, whole_when_quiet=True
)

_ASKED = Recognition(90, "a NIDEK phoropter asking for the data it was offered (SD)")
_READ = Recognition(85, "a NIDEK RT print-out that can be read; it carries no checksum")
_BEGUN = Recognition(30, "begins like a NIDEK RT print-out but could not be read")
_NOTHING = Recognition(0, "no SOH and NIDEK RT heading")


class Decoder(Gatherer):
    """Decodes one wire. A phoropter that will take the data it was offered is a request without a reply."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)

    @property
    def pause(self) -> float | None:
        """Seconds of quiet after which ``silence`` is due; nothing is pending when absent."""
        return PAUSE_AFTER_EOT if EOT in self._buffer else super().pause

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and answer with everything they completed."""
        return _told_apart(super().feed(data))

    def silence(self) -> list[Event]:
        """The line has been quiet for ``pause``: complete or give up what is pending."""
        return _told_apart(super().silence())


def decode(data: bytes) -> list[Event]:
    """Everything in a whole capture, and nothing more is coming."""
    decoder = Decoder()
    return [*decoder.feed(data), *decoder.silence()]


def recognise(data: bytes) -> Recognition:
    """Judge a whole capture by the best that stands in it."""
    judged = [_judged(event) for event in decode(data)]
    begun = _BEGUN if BEGINS.search(data) else _NOTHING
    return max([*judged, begun], key=lambda recognition: recognition.score)


def _judged(event: Event) -> Recognition:
    match event:
        case Transmission():
            return _READ
        case Request():
            return _ASKED
        case _:
            return _NOTHING


def _told_apart(events: Iterable[Event]) -> list[Event]:
    return [Request(one.raw) if isinstance(one, Transmission) and not one.readings else one for one in events]
