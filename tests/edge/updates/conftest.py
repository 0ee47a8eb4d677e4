import pytest

from tests.edge.updates.releases_here import Box, Maker


@pytest.fixture
def maker(tmp_path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def box(maker, tmp_path) -> Box:
    return maker.box(tmp_path / "home")
