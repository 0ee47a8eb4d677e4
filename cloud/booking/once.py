"""A deed that is asked for twice is done once, and one that met somebody else's is tried again."""

import hashlib
import json
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cloud.booking.errors import Gone, OtherQuestion
from cloud.booking.models import Key
from cloud.kernel.database import unit_of_work

S = TypeVar("S")
T = TypeVar("T")
TRIES = 4
TAKEN, AGAIN = "23P01", ("40P01", "40001")  # SQLSTATE: the exclusion constraint; a deadlock, a serialization failure


def settled(engine: Engine, tenant_id: int, deed: Callable[[Session], T]) -> T:
    """Run a deed in a transaction of its own, at most TRIES times. Raises Gone, and whatever the deed raises."""
    return tried(lambda: unit_of_work(engine, tenant_id), deed)


def tried(begin: Callable[[], AbstractContextManager[S]], deed: Callable[[S], T]) -> T:
    """The same for what begins its transactions in its own way.

    The locks make conflicts rare; what the database still refuses is an ordinary answer or another try.
    """
    for left in reversed(range(TRIES)):
        try:
            with begin() as inside:
                return deed(inside)
        except DBAPIError as trouble:
            state = getattr(trouble.orig, "sqlstate", None)
            if state == TAKEN:
                raise Gone from trouble
            if state not in AGAIN or not left:
                raise
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - so that two do not meet again
    raise AssertionError  # the last try has raised


def once(session: Session, name: str, body: Mapping[str, Any], deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of a deed under a key: asked again in the same words, the same answer and nothing done.

    Whoever comes with the same key meanwhile waits for the row. Raises OtherQuestion when the key stands for
    something else.
    """
    said = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    first = insert(Key).values(name=name, digest=said, answer={}).on_conflict_do_nothing().returning(Key.id)
    mine = session.execute(first).scalar()
    if mine is not None:
        answer = deed()
        session.execute(update(Key).where(Key.id == mine).values(answer=answer))
        return answer
    known = session.scalars(select(Key).where(Key.name == name)).one()
    if known.digest != said:
        raise OtherQuestion(name)
    return known.answer
