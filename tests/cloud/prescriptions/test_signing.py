"""Once signed nothing changes: not by page, not by API, not by SQL."""

import pytest

from cloud.kernel.database import unit_of_work
from cloud.prescriptions import queries
from cloud.prescriptions.choices import Kind, State
from tests.cloud.prescriptions.written_here import TODAY, sign

SIGNED = ("prescription", "eye", "lens", "drug", "ending", "proof", "release")


@pytest.mark.parametrize("kind", Kind)
def test_what_was_signed_is_what_is_read_and_hashes_alike(engine, world, kind):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace, kind)
    with unit_of_work(engine, world.one) as session:
        shown = queries.one(session, row.id, TODAY)

        assert queries.is_true(shown) is True
        assert shown.state == State.IN_FORCE
        assert shown.written.head.kind == kind
