"""Which state may follow which: the one table that Python, the pages and a trigger of the database read.

After clinical.md c.6 with what a queue needs around it (missed, held, skipped, moved). Pure.
"""

from collections.abc import Mapping

from protocols.queue.words import Machine, Sort

# A line is a state and what may follow it; the first line of each, without a state, says how one may begin.
_DRAWN = {
    Machine.STAY: """
        : here
        here: done left cancelled
        done: here
        left: here
    """,
    Machine.COUNTER: """
        : planned waiting
        planned: waiting skipped cancelled
        waiting: called serving held skipped moved left cancelled
        called: called serving missed waiting left cancelled
        missed: waiting called left cancelled
        held: waiting serving left cancelled
        serving: done held waiting moved left
        done: serving
        skipped: waiting
        left: waiting
    """,
    Machine.DOCTOR: """
        : planned waiting
        planned: waiting skipped cancelled
        waiting: called in_room held skipped moved left cancelled
        called: called in_room reviewing missed waiting returned left cancelled
        missed: waiting returned called left cancelled
        held: waiting left cancelled
        in_room: exam_draft waiting held moved left discharged
        exam_draft: orders_placed signed left
        orders_placed: returned reviewing left
        returned: called reviewing left
        reviewing: orders_placed signed left
        signed: discharged
        discharged: reviewing
        skipped: waiting
        left: waiting
    """,
    Machine.CHECK_UP: """
        : drafted ordered
        drafted: ordered cancelled
        ordered: awaiting_payment authorised refused cancelled expired
        awaiting_payment: authorised cancelled expired
        authorised: queued cancelled expired
        queued: identified refused cancelled expired
        identified: in_progress refused cancelled
        in_progress: captured repeat_requested cancelled
        captured: validated repeat_requested
        repeat_requested: queued cancelled
        validated: published
        published: seen
        seen: told
        told: closed
    """,
    Machine.DISPENSARY: """
        : prescribed
        prescribed: clinical_check cancelled
        clinical_check: awaiting_payment reserved refused cancelled
        awaiting_payment: reserved cancelled
        reserved: picked cancelled
        picked: second_check reserved cancelled
        second_check: labelled reserved
        labelled: handed_out cancelled
        handed_out: counselled returned
        counselled: closed returned
        closed: returned
        returned: inspected
        inspected: restocked destroyed
    """,
}


def _read(drawn: str) -> Mapping[str, frozenset[str]]:
    lines = (line.split(":") for line in drawn.strip().splitlines())
    return {was.strip(): frozenset(becomes.split()) for was, becomes in lines}


DRAWN: Mapping[Machine, Mapping[str, frozenset[str]]] = {machine: _read(drawn) for machine, drawn in _DRAWN.items()}


def may(machine: str, was: str, becomes: str) -> bool:
    """Whether it is drawn; ``was`` is empty at the beginning."""
    return becomes in DRAWN[Machine(machine)].get(was, frozenset())


def of_station(sort: str) -> Machine:
    """The machine of the steps at a station."""
    return Machine.DOCTOR if sort == Sort.DOCTOR else Machine.COUNTER


def drawn() -> frozenset[tuple[str, str, str]]:
    """Everything, as rows of (machine, state, next state)."""
    return frozenset(
        (str(machine), was, becomes)
        for machine, lines in DRAWN.items()
        for was, all_ in lines.items()
        for becomes in all_
    )
