"""Every instrument family tells the truth about itself."""

import ast
import importlib
from pathlib import Path

import pytest

from deploy import models
from deploy.instruments.dialects import candidates
from deploy.instruments.listing import listed
from edge.discovery import dialect, families
from protocols.framing import Transmission
from protocols.readings import kind

ROOT = Path(__file__).parents[2]
FAMILIES = families()
DONE = [
    pytest.param(quality.done, id=f"{manifest.family}: {line}")
    for manifest in FAMILIES
    for lines in manifest.quality.values()
    for line, quality in lines.items()
    if quality.done is not None
]


def each(manifests):
    return pytest.mark.parametrize("manifest", [pytest.param(one, id=one.family) for one in manifests])


def functions(path):
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if hasattr(node, "name")}


@each(FAMILIES)
def test_every_dialect_is_a_package_that_keeps_its_promises(manifest):
    spoken = dialect(manifest)

    assert manifest.dialect.split(".")[-1] == spoken.DIALECT
    assert spoken.recognise(b"").score == 0
    assert spoken.decode(b"") == []
    assert spoken.Decoder().feed(b"") == []


@each(FAMILIES)
def test_every_dialect_has_a_wire_page_a_simulator_and_tests(manifest):
    name = manifest.dialect.split(".")[-1]

    assert (ROOT / "docs" / "wire" / f"{name}.md").is_file()
    assert (ROOT / "firmware_sim" / name / "__init__.py").is_file()
    assert list((ROOT / "tests" / "protocols" / name).glob("test_*.py"))
    assert list((ROOT / "tests" / "edge" / "drivers" / manifest.family).glob("test_*.py"))


@each(FAMILIES)
def test_every_family_has_a_driver_and_a_page(manifest):
    folder = ROOT / "edge" / "drivers" / manifest.family

    assert "Driver" in functions(folder / "driver.py")
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize("done", DONE)
def test_what_the_ledger_calls_done_can_be_seen(done):
    path, _, name = done.partition("::")

    assert (ROOT / path).is_file()
    assert not name or name in functions(ROOT / path)


@each(FAMILIES)
def test_a_verified_models_captures_are_named_in_the_tests(manifest):
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "protocols").rglob("test_captures.py"))

    for model in manifest.models:
        for capture in model.captures:
            assert capture in tests or (ROOT / "tests" / "captures" / f"{capture}.expected.json").is_file()


def test_every_driver_folder_has_a_manifest():
    folders = {path.name for path in (ROOT / "edge" / "drivers").iterdir() if (path / "driver.py").exists()}

    assert folders == {manifest.family for manifest in FAMILIES}


MODELS = [
    pytest.param(manifest, model, id=f"{manifest.family}: {model.maker} {model.model}")
    for manifest in FAMILIES
    for model in manifest.models
]


@pytest.mark.parametrize(("manifest", "model"), MODELS)
def test_every_model_on_the_list_is_read_from_what_it_says(manifest, model):
    spoken = dialect(manifest)
    said = importlib.import_module(f"firmware_sim.{spoken.DIALECT}").example(model.model, model.kinds)
    events = spoken.decode(said)

    assert all(isinstance(event, Transmission) for event in events), events
    read = [reading for event in events for reading in event.readings]
    assert {kind(reading) for reading in read} == set(model.kinds)
    assert candidates(said)[0].dialect.DIALECT == spoken.DIALECT


def test_the_page_of_models_is_up_to_date():
    assert models.PAGE.read_text() == models.page(), "run: python -m deploy.models"


def test_the_list_is_as_long_as_we_say():
    rows = [row for manifest in FAMILIES for row in listed(manifest)]
    named = {(row["maker"], row["model"]) for row in rows}
    verified = {(row["maker"], row["model"]) for row in rows if row["grade"] == "verified"}

    assert len(named) >= 100
    assert len(verified) >= 18
