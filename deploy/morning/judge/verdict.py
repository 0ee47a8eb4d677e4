"""Everything that is judged, by name."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy.morning import kept
from deploy.morning.judge import callers, times
from deploy.morning.judge.order import Replay, overtaken
from deploy.morning.judge.visits import visits
from deploy.morning.log import OVER
from deploy.morning.play import Morning

NAMES = (
    "everybody comes, is seen and goes",
    "called once in every line they stood in",
    "who is next, by the words of the rule",
    "nobody overtaken while all press at once",
    "kept by the cloud once each",
    "tickets on paper",
    "calls on paper",
    "calls on the customer display",
    "calls by voice",
    "calls on the gateway's screen",
    "calls on the cloud's screen",
    "answers of callers, or a reason",
    "done without the internet, and taken over",
    "waiting-time report, to a second",
)


@dataclass(frozen=True)
class Finding:
    """What was held against what: how many, and each that does not hold."""

    name: str
    count: int
    faults: tuple[str, ...]


def judged(morning: Morning, file: str, sorts: dict[str, str]) -> list[Finding]:
    """``file`` is the waiting-time report, ``sorts`` the stations by the names in it."""
    return [*_people(morning), *_callers(morning), _away(morning), _times(morning, file, sorts)]


def _found(name: str, count: int, faults: Iterable[str]) -> Finding:
    return Finding(name, count, tuple(faults))


def _people(morning: Morning) -> Iterator[Finding]:
    log, people = morning.log, morning.people
    ended = {one.ticket for one in log.deeds if one.moves and one.moves[-1][1] == OVER}
    left = [f"{one.ticket or f'person {one.number}'} is still there" for one in people if one.ticket not in ended]
    yield _found("everybody comes, is seen and goes", len(people), [*morning.day.trouble, *left])
    found, wrong = visits(log)
    yield _found("called once in every line they stood in", len(found), wrong)
    replay = Replay(log, people)
    faults = tuple(replay.faults())
    yield Finding("who is next, by the words of the rule", replay.judged, faults)
    free = sum(bool(one.presses) and not one.presses[0].alone for one in found)
    yield _found("nobody overtaken while all press at once", free, overtaken(log, people, found))
    yield _found("kept by the cloud once each", len(found), _kept(morning))


def _kept(morning: Morning) -> Iterator[str]:
    ours = Counter((one.ticket, one.station, one.turn) for one in morning.log.deeds if one.what == "press")
    tickets = {one.ticket for one in morning.people}
    calls = [one for one in kept.calls(morning.engine, morning.chain) if one.ticket in tickets]
    theirs = Counter((one.ticket, one.station, one.turn) for one in calls)
    for key, count in ((ours - theirs) | (theirs - ours)).items():
        yield f"call {key[2]} of {key[0]} at {key[1]}: {count} times here or there alone"


def _callers(morning: Morning) -> Iterator[Finding]:
    devices, made = morning.devices, callers.made(morning.log)
    tickets, slips = callers.papers(devices)
    yield _found("tickets on paper", len(tickets), callers.tickets(morning.people, morning.log, tickets))
    heard = devices.heard()
    seen = {
        "calls on paper": callers.of_slips(slips),
        "calls on the customer display": list(callers.of_display(bytes(devices.display.heard))),
        "calls by voice": list(callers.of_voice(heard)),
        "calls on the gateway's screen": callers.of_screen(devices.drawn),
        "calls on the cloud's screen": callers.of_screen(morning.wall.drawn),
    }
    wall = callers.on_the_wall(made, morning.log)
    for name, said in seen.items():
        yield _found(name, len(said), callers.agree(wall if "cloud" in name else made, said))
    counts = dict(zip(callers.ANSWERED, map(len, seen.values()), strict=False))
    counts["paper"] += len(tickets)
    calls, orders = kept.calls(morning.engine, morning.chain), kept.orders(morning.engine, morning.chain)
    yield _found("answers of callers, or a reason", len(calls), callers.answers(calls, orders, counts))


def _away(morning: Morning) -> Finding:
    count = sum(one.away for one in morning.log.deeds)
    return _found("done without the internet, and taken over", count, kept.beside(morning.engine, morning.chain))


def _times(morning: Morning, file: str, sorts: dict[str, str]) -> Finding:
    tickets = {one.ticket for one in morning.people}
    rows = [one for one in kept.report(file) if one.ticket in tickets]
    return _found("waiting-time report, to a second", len(rows), times.faults(morning.log, rows, sorts))
