"""What goes on by itself: a result came home, money was taken, a day is over, all tests of somebody are done."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from cloud.loops import questions
from cloud.loops.chain import CHECK_UP, FINISHED
from cloud.queue import gates, holding, queries, services
from cloud.queue.choices import OPEN, Sort, Through
from cloud.queue.choices import Step as State
from cloud.queue.errors import Moved
from cloud.queue.models import Station, Stay, Step, Task
from cloud.queue.moving import move, tell
from cloud.queue.queries import InLine
from cloud.worklist import queries as worklist
from cloud.worklist import services as orders
from cloud.worklist.choices import State as Order
from cloud.worklist.errors import NotPossible

GOES_ON = ("awaiting_payment", "authorised", "in_progress")
ENDS = ("ordered", "awaiting_payment", "authorised", "queued")


def follow(session: Session, store_id: int) -> int:
    """Let every task go on that may; how many did. Cheap: one question where nothing may."""
    found = questions.in_states(session, store_id, GOES_ON)
    return sum(_follow(session, one) for one in found)


def _follow(session: Session, task: Task) -> bool:
    try:
        return _GO[task.state](session, task)
    except Moved:  # a colleague was quicker: it has gone on
        return False


def _paid(session: Session, task: Task) -> bool:
    if not clear(session, task):
        return False
    _past_cashier(session, task)
    if task.machine != CHECK_UP:
        _by_itself(session, task, "reserved")
        return True
    _by_itself(session, task, "authorised")
    return _line(session, task)


def _past_cashier(session: Session, task: Task) -> None:
    """Nobody has to wait at the cashier for what is paid, or was let pass."""
    if task.stay_id is None or holding.away(session, task.store_id):
        return
    stay = queries.stay(session, task.stay_id, task.store_id)
    for step in questions.steps_at(session, stay.id, Sort.CASHIER):
        if step.state in (State.WAITING, State.PLANNED):
            told = {"through": Through.SYSTEM, "why": "nothing left to pay"}
            services.turn(session, InLine(step, stay), State.SKIPPED, by=None, **told)  # type: ignore[arg-type]


def _line(session: Session, task: Task) -> bool:
    _by_itself(session, task, "queued")
    return True


def _captured(session: Session, task: Task) -> bool:
    if not came(session, task):
        return False
    _by_itself(session, task, "captured")
    return True


_GO: dict[str, Callable[[Session, Task], bool]] = {
    "awaiting_payment": _paid,
    "authorised": _line,
    "in_progress": _captured,
}


def _by_itself(session: Session, task: Task, becomes: str) -> None:
    move(session, task, becomes, by=None, through=Through.SYSTEM)
    tell(session, task.store_id, task.stay_id)


def came(session: Session, task: Task) -> bool:
    """Whether its result has come home, or somebody said on the worklist that it was done."""
    return task.order_id is not None and worklist.order(session, task.order_id).state == Order.DONE


def clear(session: Session, task: Task) -> bool:
    """Whether nobody is held back for money. What is for nothing waits for nothing."""
    if not task.amount or task.stay_id is None:
        return True
    return gates.owed(session, queries.stay(session, task.stay_id, task.store_id)).clear


def admit(session: Session, task: Task, *, by: int | None, through: Through = Through.PAGE) -> None:
    """From ordered to where it waits: for money, or in line."""
    if not clear(session, task):
        move(session, task, "awaiting_payment", by=by, through=through)
        to_cashier(session, task, by=by)
        return
    move(session, task, "authorised", by=by, through=through)
    move(session, task, "queued", by=by, through=through)


def to_cashier(session: Session, task: Task, *, by: int | None) -> None:
    """Whoever has to pay waits at the cashier, too."""
    cashier = questions.station(session, task.store_id, Sort.CASHIER)
    if cashier is not None and task.stay_id is not None:
        bring(session, queries.stay(session, task.stay_id, task.store_id), cashier, by=by)


def spare(session: Session, task: Task) -> None:
    """Nobody waits at the cashier for what is not wanted any more."""
    if task.amount and clear(session, task):
        _past_cashier(session, task)


def expire(session: Session, store_id: int) -> int:
    """End what nobody has begun when its day was over; how many."""
    found = questions.past(session, store_id, queries.today(session, store_id), ENDS)
    for one in found:
        _by_itself(session, one, "expired")
        not_wanted(session, one, by=None)
        settle(session, one, by=None)
    return len(found)


def not_wanted(session: Session, task: Task, *, by: int | None, why: str | None = None) -> None:
    """Instruments need not see it any more."""
    if task.order_id is None:
        return
    try:
        orders.cancel(session, task.order_id, by=by, why=why)
    except NotPossible:  # it was done meanwhile; the result stays in the record
        return


def wanted_again(session: Session, task: Task, *, by: int) -> None:
    """Instruments see it once more."""
    if task.order_id is None:
        return
    try:
        orders.reopen(session, task.order_id, by=by)
    except NotPossible:  # it is still wanted
        return


def settle(session: Session, task: Task, *, by: int | None, through: Through = Through.SYSTEM) -> None:
    """With the last of somebody's tests their check-up is over, and they are on their way back to the doctor.

    While the store's gateway has the queue, people are where it sends them.
    """
    if task.stay_id is None or task.machine != CHECK_UP or holding.away(session, task.store_id):
        return
    tests = [one for one in queries.tasks_of(session, [task.stay_id]) if one.machine == CHECK_UP]
    if any(one.state not in FINISHED for one in tests):
        return
    stay = queries.stay(session, task.stay_id, task.store_id)
    for step in questions.steps_at(session, stay.id, Sort.CHECK_UP):
        if step.state in OPEN:
            _over(session, InLine(step, stay), by, through)


def _over(session: Session, one: InLine, by: int | None, through: Through) -> None:
    if one.step.state == State.SERVING:
        services.turn(session, one, State.DONE, by=by, through=through)
        return
    if one.step.state not in (State.WAITING, State.PLANNED):
        services.turn(session, one, State.WAITING, by=by, through=through)
    services.turn(session, one, State.SKIPPED, by=by, through=through, why="no test left")


def serve(session: Session, task: Task, *, by: int, through: Through) -> None:
    """Whoever was identified at the check-up station is being served there. Raises NotPaid."""
    if task.stay_id is None or holding.away(session, task.store_id):
        return
    stay = queries.stay(session, task.stay_id, task.store_id)
    for step in questions.steps_at(session, stay.id, Sort.CHECK_UP):
        if step.state in (State.WAITING, State.CALLED, State.HELD):
            services.turn(session, InLine(step, stay), State.SERVING, by=by, through=through)


def bring(session: Session, stay: Stay, at: Station, *, by: int | None, planned: bool = False) -> Step:
    """A place in line at a station, or the one they have."""
    known = questions.steps_at(session, stay.id, at.sort)
    found = next((one for one in known if one.state in OPEN), None)
    return found or services.line_up(session, stay, at.id, by=by, planned=planned)
