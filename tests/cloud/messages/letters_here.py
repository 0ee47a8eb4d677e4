"""Letters of the tests, and what became of them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.messages import models, office, sending, services
from cloud.messages.services import Channel, Letter, Purpose, To
from tests.cloud.people_here import World

WORDS = {
    "when": "Tuesday 15 December 2026, 09:20",
    "zone": "Western European Standard Time",
    "place": "Pier",
    "patient": "Grace",
    "preparation": "Bring your <glasses> & lenses.",
    "policy": "",
}
MAIL = To(Channel.EMAIL, "Grace@Example.test", "Grace", "en")
TEXT = To(Channel.PHONE, "+44 7700 900123", "Grace", "en")
LOCAL = office.Office(local=frozenset({"*"}), public_url="https://book.test")


def letter(world: World, **told: Any) -> Letter:
    """A confirmation to Grace."""
    said = {
        "to": MAIL,
        "purpose": Purpose.CARE,
        "template": "visit_confirmed",
        "words": WORDS,
        "secret": {"link": "/b/s3cret-token"},
        "key": "visit:1:confirmed",
        "patient_id": world.grace,
        "store_id": world.pier.id,
        "about": "visit:1",
    }
    return Letter(**{**said, **told})


def written(engine: Engine, world: World, **told: Any) -> int:
    """Write one."""
    with unit_of_work(engine, world.one) as session:
        return services.write(session, letter(world, **told))


def never_quiet(engine: Engine, world: World) -> None:
    """Tests run at night as well."""
    with unit_of_work(engine, world.one) as session:
        session.add(models.Setting(store_id=None, quiet_from=0, quiet_to=0))


def kept(engine: Engine, world: World, letter_id: int) -> models.Letter:
    """The row."""
    with unit_of_work(engine, world.one) as session:
        return session.get_one(models.Letter, (world.one, letter_id))


def steps(engine: Engine, world: World, letter_id: int) -> list[str]:
    """What was decided and done."""
    with unit_of_work(engine, world.one) as session:
        mine = select(models.Step.what).where(models.Step.letter_id == letter_id).order_by(models.Step.id)
        return list(session.scalars(mine))


def deliver(engine: Engine, world: World, letter_id: int) -> str | None:
    """One attempt."""
    return sending.deliver(engine, world.one, letter_id)


def due_now(engine: Engine, world: World, letter_id: int) -> None:
    """Let the time go by that it waits."""
    with unit_of_work(engine, world.one) as session:
        one = session.get_one(models.Letter, (world.one, letter_id))
        one.due_at = now() - timedelta(seconds=1)
        if one.lease_until is not None:
            one.lease_until = one.due_at


def texts_of(session: Session, channel: str = Channel.PHONE) -> list[str]:
    """What lies on the local provider's page, oldest first."""
    mine = select(models.Kept.body).where(models.Kept.channel == channel).order_by(models.Kept.id)
    return list(session.scalars(mine))
