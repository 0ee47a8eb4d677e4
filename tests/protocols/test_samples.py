"""The table of docs/wire/README.md says of every shared file what it is read as."""

import re
from collections import Counter
from pathlib import Path

import pytest

from deploy.instruments.dialects import candidates
from protocols.framing import Transmission
from protocols.readings import Autorefraction, Reading, SubjectiveRefraction, kind

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "wire" / "README.md"
SAMPLES = ROOT.parent / "shared" / "samples" / "refraction"
TABLE = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE.read_text(), re.MULTILINE))
FILES = [path for path in sorted(SAMPLES.glob("*")) if path.suffix != ".md"]


def words(reading: Reading) -> str:
    match reading:
        case SubjectiveRefraction(stage=stage, distance=distance):
            return f"{stage} {distance}"
        case Autorefraction(condition=condition) if condition:
            return f"autorefraction by {condition}"
    return kind(reading).replace("_", " ")


def read_as(data: bytes) -> str:
    best = candidates(data)[0]
    events = best.dialect.decode(data) if best.recognition.score else []
    told = Counter(words(r) for e in events if isinstance(e, Transmission) for r in e.readings)
    name, listed = best.dialect.DIALECT, ", ".join(n if c == 1 else f"{n} ×{c}" for n, c in told.items())
    return f"[{name}]({name}.md) | {listed}" if listed else "refused"


@pytest.mark.skipif(not FILES, reason="the shared samples are not on this machine")
def test_the_table_names_every_file():
    assert sorted(TABLE) == [path.name for path in FILES]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in FILES])
def test_every_file_is_read_as_the_table_says(path):
    told = read_as(path.read_bytes())
    assert TABLE[path.name] == told or (told == "refused" and "| refused: " in TABLE[path.name])
