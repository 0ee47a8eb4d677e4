"""What the cloud's rooms keep to, where no linter can say it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import cloud.migrations.tables  # noqa: F401
from cloud.accounts.gate import rule_of
from cloud.app import create_app
from cloud.kernel.database import Base
from cloud.kernel.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "cloud").rglob("*.py"))
ROOMS = sorted(path.parent for path in SOURCES if path.name == "__init__.py")
# The only two that the cloud needs of the protocols; a maker's new byte then needs no release of the cloud.
SPOKEN = {"protocols.envelope", "protocols.readings", "protocols.queue"}
# In the process that opens foreign bytes: names of attributes for the viewer's headers (an unknown one is shown by
# its number), and films of JPEGs, a form of no maker.
FORMS = {
    "cloud/imaging/deriving/headers.py": {"protocols.dicom"},
    "cloud/imaging/deriving/clip.py": {"protocols.pictures"},
    "cloud/imaging/deriving/opening.py": {"protocols.pictures"},
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def calls(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.func.attr for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_the_cloud_knows_readings_and_envelopes_and_no_dialect(path):
    spoken = {".".join(one.split(".")[:2]) for one in imports(path) if one.startswith("protocols")}
    assert spoken <= SPOKEN | FORMS.get(name(path), set())


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name in ("services.py", "queries.py")], ids=name)
def test_a_service_never_commits_and_never_sees_a_request(path):
    assert calls(path) & {"commit", "rollback"} == set()
    assert [one for one in imports(path) if one.startswith(("flask.", "werkzeug"))] == []


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_every_room_has_a_card(room):
    package = importlib.import_module(".".join(room.relative_to(ROOT).parts))
    assert (package.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_table_is_named_after_its_room(table):
    room = {"audit": "cloud.kernel"}.get(table.split("_")[0], f"cloud.{table.split('_')[0]}")
    mapped = {mapper.local_table.name: mapper.class_.__module__ for mapper in Base.registry.mappers}
    assert mapped[table].startswith(f"{room}.")


def test_every_view_names_a_rule():
    app = create_app(Settings("postgresql:///nowhere", "a secret"))
    assert [rule.endpoint for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) is None] == []


def test_a_view_without_a_rule_is_refused():
    app = create_app(Settings("postgresql:///nowhere", "a secret"))
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/open", "open", lambda: "anyone may read this")
    response = app.test_client().get("/open")
    assert (response.status_code, b"anyone" in response.data) == (500, False)
