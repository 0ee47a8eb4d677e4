import pytest

from edge.identity.enrolling import Wish
from tests.edge.identity.fakes import Cloud


@pytest.fixture
def cloud(tmp_path):
    cloud = Cloud(tmp_path)
    yield cloud
    cloud.close()


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def wish(cloud, data, tmp_path):
    """What is typed at a fresh box; arguments change it."""
    root = tmp_path / "root.pem"
    root.write_text(cloud.root.pem)
    return lambda **other: Wish(**({"cloud": cloud.url, "claim": cloud.CLAIM, "data": data, "root": root} | other))
