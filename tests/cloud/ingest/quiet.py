"""What is due to the gateways of other tests would keep the publisher busy."""

import pytest
from sqlalchemy import Engine, text

DONE = (
    "TRUNCATE fleet_order, blobs_upload, worklist_told, queue_holding CASCADE",
    "UPDATE shadow_standing SET published = wanted WHERE published < wanted",
)


@pytest.fixture(autouse=True)
def nobody_elses(owner: Engine) -> None:
    """Nothing is due when a test begins."""
    with owner.begin() as connection:
        for done in DONE:
            connection.execute(text(done))
