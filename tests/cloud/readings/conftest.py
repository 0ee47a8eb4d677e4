"""Readings that have arrived."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from cloud.kernel.database import unit_of_work
from cloud.readings import intake
from tests.cloud.people_here import World
from tests.cloud.readings.parcels_here import Line, Outbox

Arrive = Callable[..., None]


@pytest.fixture
def outbox(world: World) -> Outbox:
    return Outbox(world.pier)


@pytest.fixture
def arrive(engine: Engine) -> Arrive:
    """Take rows of an outbox in."""

    def take(outbox: Outbox, *lines: Line) -> None:
        tenant_id = outbox.place.sender.tenant_id
        with unit_of_work(engine, tenant_id) as session:
            intake.take(session, tenant_id, [outbox.parcel(*lines)])

    return take
