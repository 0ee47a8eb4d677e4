"""A model unknown so far becomes a passing test, and nothing but its own folders is touched."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.scaffold import new

ROOT = Path(__file__).parents[3]
HOUSES = ("protocols", "edge", "firmware_sim", "deploy", "tests", "docs")
NAME, MAKER, MODEL = "acme_tono", "Acme", "T-1"
CAPTURE = b"\x02T-1\r\nR 14\r\nL 19\r\n\x03"
OWN = (
    "protocols/acme_tono",
    "edge/drivers/acme_tono",
    "firmware_sim/acme_tono",
    "docs/wire/acme_tono.md",
    "docs/rooms.md",  # made by a command
    "tests/protocols/acme_tono",
    "tests/edge/drivers/acme_tono",
    "tests/captures/",
)
READ = '''
def read(raw: bytes) -> tuple[Reading, ...]:
    """Every reading in it, with figures as the instrument wrote them. Raises Unread."""
    sides = {b"R": "right", b"L": "left"}
    found = re.findall(rb"([RL]) (\\d{1,2})\\r\\n", raw)
    if not found:
        raise Unread("No eye with its pressure stands in it.")
    eyes: dict[str, Any] = {sides[side]: TonometryEye(iop_mmhg=Decimal(mmhg.decode())) for side, mmhg in found}
    return (Tonometry(instrument=instrument(), integrity=integrity(raw), **eyes),)
'''
IMPORTS = (
    "import re\nfrom decimal import Decimal\nfrom hashlib import sha256\nfrom typing import Any\n",
    "from protocols.readings import Instrument, Integrity, Reading, Tonometry, TonometryEye\n",
)


@pytest.fixture
def house(tmp_path):
    """A copy of everything a new family meets."""
    for name in HOUSES:
        ignored = shutil.ignore_patterns("__pycache__", "journeys", "browser", "cloud", "load", "conformance")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python(house, *words):
    """One command in the copy; what the copy imports is its own."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def state(house):
    return {
        str(path.relative_to(house)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in house.rglob("*")
        if path.is_file() and "cache" not in str(path) and ".hypothesis" not in str(path)
    }


def suite(house):
    tests = (f"tests/protocols/{NAME}", f"tests/edge/drivers/{NAME}", "tests/captures", "tests/architecture")
    return python(house, "-m", "pytest", "-q", *tests[:3], f"{tests[3]}/test_instruments.py", "-k", f"{NAME} or acme")


def filled_in(house):
    """What the developer writes: one function."""
    path = house / "protocols" / NAME / "reading.py"
    text = path.read_text()
    start, end = text.index("def read("), text.index("def instrument(")
    text = f"{text[:start]}{READ.lstrip()}\n\n{text[end:]}"
    text = text.replace("from hashlib import sha256\n", IMPORTS[0])
    path.write_text(text.replace("from protocols.readings import Instrument, Integrity, Reading\n", IMPORTS[1]))


def test_a_capture_of_an_unknown_model_becomes_a_passing_test_in_its_own_folders(house):
    before = state(house)
    capture = house / "tests" / "captures" / "acme-t1.bin"
    capture.write_bytes(CAPTURE)
    stranger = python(house, "-m", "deploy", "decode", str(capture))
    assert (stranger.returncode, "no instrument we know speaks like this" in stranger.stderr) == (1, True)

    assert python(house, "-m", "deploy.scaffold.new", NAME, "--maker", MAKER, "--model", MODEL).returncode == 0
    unread = suite(house)
    assert unread.returncode == 1, "until it is read, its tests say so"
    filled_in(house)
    expected = python(house, "-m", "deploy", "decode", "--expect", str(capture))
    assert (expected.returncode, '"iop_mmhg":"19"' in expected.stdout) == (0, True), expected.stderr

    after = suite(house)
    assert after.returncode == 0, after.stdout
    changed = {path for path, digest in state(house).items() if before.get(path) != digest}
    assert [path for path in changed if not path.startswith(OWN)] == []


def test_the_skeleton_is_clean_before_and_after(house):
    files = [*new.write(house, "zz_last", MAKER, "Long+ name 5.0 of model"), *new.write(house, NAME, MAKER, MODEL)]
    written = [str(path) for path in files if path.suffix == ".py"]
    for _ in range(2):
        for words in (["check"], ["format", "--check"]):
            checked = python(house, "-m", "ruff", *words, "--no-cache", *written)
            assert checked.returncode == 0, checked.stdout
        filled_in(house)


def test_the_skeleton_is_strictly_typed(house):
    new.write(house, NAME, MAKER, MODEL)
    typed = python(house, "-m", "mypy", "--strict", "--cache-dir", str(house / "cache"), *OWN[:3])
    assert typed.returncode == 0, typed.stdout


@pytest.mark.parametrize(
    ("name", "maker", "model", "says"),
    [
        ("Acme", "Acme", "T-1", "NAME is small letters"),
        ("class", "Acme", "T-1", "NAME is small letters"),
        ("acme", "", "T-1", "MAKER is what stands on the case"),
        ("acme", "Acme", 'T"1', "MODEL is what stands on the case"),
        ("keeler", "Keeler", "T-1", "is there already; nothing was written"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(name, maker, model, says, capsys):
    assert new.main([name, "--maker", maker, "--model", model]) == 1
    assert says in capsys.readouterr().err
