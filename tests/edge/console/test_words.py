"""Every sentence is there in both languages, and asks for the same facts."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from edge.callers.settings import KINDS
from edge.console.bluetooth import BONDS
from edge.console.words import WORDS as CONSOLE
from edge.diagnostics.repairs import WORDS as REPAIRS
from edge.diagnostics.result import WORDS as CHECKS
from protocols.gatt.profiles import PROFILES
from protocols.slit_lamp_camera import ILLUMINATIONS

FACT = re.compile(r"\{(\w+)\}")
ROOT = Path("edge")


def texts(table, at=""):
    if set(table) >= {"en", "zh"}:
        yield at, table["en"], table["zh"]
    for key, value in table.items():
        for n, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                yield from texts(one, f"{at}.{key}.{n}")


@pytest.mark.parametrize("file", [CONSOLE, REPAIRS, CHECKS], ids=lambda file: file.name)
def test_both_languages_say_the_same(file):
    found = list(texts(tomllib.loads(file.read_text("utf-8"))))
    silent = [at for at, en, zh in found if not en or not zh]
    foreign = [at for at, en, zh in found if not set(FACT.findall(zh)) <= set(FACT.findall(en))]
    assert len(found) > 30
    assert (silent, foreign) == ([], [])


def said_in(source):
    """Every text that a call of words(…) or a table of keys names."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return {node.value for node in calls if isinstance(node.value, str)}


def test_no_word_of_the_console_is_left_over():
    said = set().union(*(said_in(path.read_text()) for path in (ROOT / "console").glob("*.py")))
    made = {
        f"{kind}_{state}"
        for kind in ("cloud", "clock", "verdict")
        for state in (
            "connected",
            "connecting",
            "waiting",
            "barred",
            "synced",
            "coarse",
            "floor",
            "ok",
            "warn",
            "fail",
            "skip",
        )
    }
    made |= {f"camera_{one}" for one in ("right", "left", "foot_plugged", "foot_lost", "foot_refused", *ILLUMINATIONS)}
    made |= {"camera_magnification", "camera_illumination", "camera_foot_plugged_clip"}
    made |= {f"camera_shutter_{one}" for one in ("plugged", "lost", "refused")}
    made |= {f"add_{one}{more}" for one in ("name", "lane", "passkey") for more in ("", "_hint")}
    made |= {f"add_bond_{one}" for one in BONDS} | {f"profile_{one}" for one in PROFILES}
    made |= {f"caller_{kind}" for kind in KINDS}
    states = {"connected", "starting", "lost", "misconfigured"}
    assert set(tomllib.loads(CONSOLE.read_text("utf-8"))) - said - made - states == set()
