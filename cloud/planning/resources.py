"""Whoever and whatever can be booked: added, changed, given up; never removed, as past visits name them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.planning import history
from cloud.planning.choices import Deed, Subject
from cloud.planning.errors import NameTaken
from cloud.schedule.models import Resource


def add(session: Session, store_id: int, told: Mapping[str, Any], *, by: int, count: int = 1) -> list[Resource]:
    """One, or several that stand side by side and are numbered. Raises NameTaken."""
    names = [told["name"]] if count == 1 else [f"{told['name']} {number}" for number in range(1, count + 1)]
    _refuse_taken(session, store_id, names)
    last = session.scalar(select(func.max(Resource.place)).where(Resource.store_id == store_id)) or 0
    made = [
        Resource(store_id=store_id, **{**told, "name": name}, place=last + at) for at, name in enumerate(names, start=1)
    ]
    session.add_all(made)
    for one in made:
        history.keep(session, Subject.RESOURCE, Deed.ADDED, one, by=by)
    return made


def change(session: Session, one: Resource, told: Mapping[str, Any], *, by: int) -> None:
    """Other words, skills, dates. Raises NameTaken."""
    if told["name"] != one.name:
        _refuse_taken(session, one.store_id, [told["name"]])
    before = history.row(one)
    for name in told:
        if name != "kind" and getattr(one, name) != told[name]:
            setattr(one, name, told[name])
    session.flush()
    if history.row(one) != before:
        history.keep(session, Subject.RESOURCE, Deed.CHANGED, one, by=by, before=before)


def _refuse_taken(session: Session, store_id: int, names: list[str]) -> None:
    same = select(Resource.name).where(Resource.store_id == store_id, Resource.name.in_(names))
    taken = session.scalars(same.limit(1)).first()
    if taken is not None:
        raise NameTaken(taken)
