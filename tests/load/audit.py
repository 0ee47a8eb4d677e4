"""What must be true at the end, asked of the database: nothing lost, nothing twice, everything in order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.load.house import House
from tests.load.speaker import Print, Speaker

CAPTURES = "SELECT gateway_id, epoch, seq, dev, sha256, why FROM readings_capture ORDER BY gateway_id, epoch, seq"
READINGS = """
    SELECT gateway_id, epoch, seq, reading_id, body::json #>> '{integrity,raw_sha256}' AS sha256 FROM readings_reading
"""
CURSORS = "SELECT gateway_id, epoch, hwm, ahead FROM readings_cursor"
DEAD = "SELECT reason FROM readings_dead_letter"
SOFTWARE = "SELECT slug, software FROM fleet_gateway WHERE slug LIKE 'load-%'"


@dataclass
class Findings:
    """Counts for the table, and a sentence for everything that is wrong."""

    readings: int = 0
    safe: int = 0
    lost: int = 0
    doubled: int = 0
    without_receipt: int = 0
    wrong: list[str] = field(default_factory=list)


def audit(house: House, speakers: Iterable[Speaker]) -> Findings:
    """Compare what was printed with what is in the record."""
    spoken = list(speakers)
    prints = {digest: one for speaker in spoken for digest, one in speaker.prints.items()}
    due = {speaker.name: speaker.readings for speaker in spoken}
    captures, readings = house.rows(CAPTURES), house.rows(READINGS)
    found = Findings(readings=len(readings), safe=sum(speaker.safe for speaker in spoken))
    _count(found, prints, due, captures, readings)
    found.wrong += [*_numbers(house, captures, readings), *_order(prints, captures)]
    found.wrong += [f"a dead letter: {row.reason}" for row in house.rows(DEAD)]
    found.wrong += [f"unread: {row.why}" for row in captures if row.why]
    runs, due_to_run = {row.slug: row.software for row in house.rows(SOFTWARE)}, house.software()
    found.wrong += [f"gateways say they run {runs}, not {due_to_run}"] * (runs != due_to_run)
    found.wrong += [f"{name} ended by itself" for name in house.ended()]
    return found


def _count(
    found: Findings, prints: dict[str, Print], due: dict[str, int], captures: list[Any], readings: list[Any]
) -> None:
    kept, read = Counter(row.sha256 for row in captures), Counter(row.sha256 for row in readings)
    for digest, one in prints.items():
        wanted = due[one.speaker]
        if one.safe_at is not None and kept[digest] == 0:
            found.wrong.append(f"{one.speaker} print {one.number}: its bytes are lost")
        if one.safe_at is not None or kept[digest]:
            found.lost += max(0, wanted - read[digest])
        found.without_receipt += read[digest] if one.safe_at is None else 0
        found.doubled += max(0, read[digest] - wanted) + max(0, kept[digest] - 1)
    strangers = (kept.keys() | read.keys()) - prints.keys()
    found.wrong += [f"{digest} was never printed" for digest in strangers]


def _numbers(house: House, captures: list[Any], readings: list[Any]) -> Iterator[str]:
    """One epoch a gateway, every number once and none missing, the cursor at the last of them."""
    numbers: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row in (*captures, *readings):
        numbers[row.gateway_id, row.epoch].append(row.seq)
    for key, seqs in numbers.items():
        if sorted(seqs) != list(range(1, len(seqs) + 1)):
            yield f"{key}: the numbers of rows are not 1 to {len(seqs)}, each once"
    for gateway, count in Counter(gateway for gateway, _ in numbers).items():
        if count > 1:
            yield f"gateway {gateway} has {count} epochs although its machine never stopped"
    cursors = {(row.gateway_id, row.epoch): (row.hwm, row.ahead) for row in house.rows(CURSORS)}
    if cursors != {key: (len(seqs), []) for key, seqs in numbers.items()}:
        yield f"cursors say {cursors}"


def _order(prints: dict[str, Print], captures: list[Any]) -> Iterator[str]:
    """By row number: an instrument's prints as they were pressed; nothing that was safe before another was sent."""
    last: dict[str, int] = {}
    sent: dict[int, float] = {}
    for row in captures:
        one = prints.get(row.sha256)
        if one is None:
            continue
        if one.number <= last.get(one.speaker, 0):
            yield f"{one.speaker}: print {one.number} stands behind {last[one.speaker]}"
        if one.safe_at is not None and one.safe_at < sent.get(row.gateway_id, 0.0):
            yield f"{one.speaker}: print {one.number} was safe before one that stands before it was sent"
        last[one.speaker] = one.number
        sent[row.gateway_id] = max(sent.get(row.gateway_id, 0.0), one.sent_at)
