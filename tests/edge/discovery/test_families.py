"""Manifests are found by walking, and one that cannot be believed says why."""

import pytest

from edge.discovery import STEPS, BadManifest, dialect, driver, families, family, load

GOOD = """
family = "loupe"
name = "Loupe"
version = "1"
dialect = "protocols.nidek_frame"
links = ["serial"]
recognised = "it squeaks"
[lines."9600 8N1"]
baud = 9600
bits = 8
parity = "none"
stop = 1
grade = "documented"
source = "manual rev. B"
[[models]]
maker = "Acme"
model = "Loupe-1"
grade = "documented"
kinds = ["lensmetry"]
line = "9600 8N1"
[quality.Heard]
"decodes" = { done = "tests/x.py" }
[quality.Trusted]
"reconnects" = { exempt = "because the supervisor does" }
[quality."At home"]
"paired" = { todo = "all of it" }
[quality.Family]
"""


@pytest.fixture
def folder(tmp_path):
    def write(text, name="loupe"):
        path = tmp_path / name / "manifest.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write


def test_every_family_of_the_house_can_be_believed():
    assert "nidek_frame" in [manifest.family for manifest in families()]


def test_a_new_folder_is_found_by_itself(folder, tmp_path):
    folder(GOOD)
    folder(GOOD.replace('"loupe"', '"loupe2"'), "loupe2")

    assert [manifest.family for manifest in families(tmp_path)] == ["loupe", "loupe2"]


def test_a_manifest_tells_line_settings_and_quality(folder):
    manifest = load(folder(GOOD))

    assert str(manifest.line(manifest.models[0])) == "9600 8N1"
    assert tuple(manifest.quality) == STEPS
    assert manifest.quality["Trusted"]["reconnects"].state == "exempt"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('family = "loupe"', 'family = "lupe"', "lives in a folder named 'loupe'"),
        ('"protocols.nidek_frame"', '"cloud.readings"', "is not a package of protocols"),
        ('["lensmetry"]', '["lensmetrics"]', "Loupe-1 claims lensmetrics"),
        ('line = "9600 8N1"', 'line = "2400"', "line settings '2400' that are not described"),
        ('grade = "documented"\nkinds', 'grade = "verified"\nkinds', "verified without a capture"),
        ('grade = "documented"\nkinds', 'grade = "perfect"\nkinds', "perfect"),
        ("[quality.Family]", "[quality.Friends]", "Heard, Trusted, At home, Family"),
        ('{ todo = "all of it" }', '{ todo = "x", done = "y" }', "must be one of done, todo or exempt"),
        ('recognised = "it squeaks"', "", "recognised"),
        ('maker = "Acme"', 'maker = "Acme"\nmakker = "A"', "makker"),
        ('["serial"]', '["telepathy"]', "telepathy"),
        ('family = "loupe"', "family =", "line 2"),
    ],
)
def test_a_manifest_that_cannot_be_believed_says_why(folder, before, after, says):
    path = folder(GOOD.replace(before, after))

    with pytest.raises(BadManifest) as refusal:
        load(path)
    assert says in str(refusal.value)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("name", ["nobody", "..", "../links", ""])
def test_a_family_nobody_knows_is_refused_with_those_known(name):
    with pytest.raises(BadManifest, match=r"known are .*nidek_frame"):
        family(name)


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("ARK-1a", "ARK-1a"),
        ("ark-1A", "ARK-1a"),
        ("LM-600PD", "LM-600PD"),
        ("LM-1800PX", "LM-1800P"),
        ("TONOREF3", "TONOREF"),
        ("CT-800", None),
    ],
)
def test_a_model_is_found_with_whatever_suffix_it_has(named, found):
    model = family("nidek_frame").model(named)

    assert (model and model.model) == found


def test_a_family_leads_to_its_dialect_and_its_driver():
    manifest = family("nidek_frame")

    assert dialect(manifest).DIALECT == "nidek_frame"
    assert driver(manifest).__name__ == "Driver"
