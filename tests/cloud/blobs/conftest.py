import pytest

from tests.cloud.blobs.bringing import Gateway


@pytest.fixture
def gateway(engine, world, app) -> Gateway:
    return Gateway(engine, world.pier, app.test_client())


@pytest.fixture
def stranger(engine, world, app) -> Gateway:
    """Of Charlie's chain."""
    return Gateway(engine, world.mill, app.test_client())
