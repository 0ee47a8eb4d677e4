"""What tests of the way share: whom they know, and how far they have come."""

from datetime import date

from sqlalchemy import func, select, update

from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from tests.cloud.direct.way_here import door

GRACE, NEW = "grace@example.test", "+44 7700 900777"


ADA = {"given": "Ada", "family": "Byron", "born": "1990-12-10", "agree": "yes"}


def rows(engine, practice, kind):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalars(select(kind).order_by(kind.id)).all()


def count(engine, practice, kind):
    with unit_of_work(engine, practice.world.one) as session:
        return session.scalar(select(func.count()).select_from(kind))


def setting(engine, practice, of, **told):
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(of).values(**told))


def to_times(one, practice, type_id=None):
    """Grace as far as the calendar."""
    one.prove(door(practice), GRACE)
    one.send("who", person=f"p{practice.world.grace}")
    return one.send("what", **{f"type__p{practice.world.grace}": type_id or practice.check})


def to_confirm(one, practice, type_id=None):
    to_times(one, practice, type_id)
    one.press("when")
    assert one.step == "confirm", one.page


def family(engine, practice):
    """Grace and two children."""
    with unit_of_work(engine, practice.world.one) as session:
        made = [
            people.register(session, family_name="Okafor", given_name=name, birth_date=date(2015 + at, 1, 1))
            for at, name in enumerate(("Ben", "Cleo"))
        ]
        for child in made:
            people.join_household(session, child.id, practice.world.grace, by=None)
        return [practice.world.grace, *(child.id for child in made)]
