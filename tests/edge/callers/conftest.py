import pytest

from tests.edge.callers.store import Store


@pytest.fixture
async def store(tmp_path):
    store = Store(tmp_path)
    yield store
    await store.aclose()
