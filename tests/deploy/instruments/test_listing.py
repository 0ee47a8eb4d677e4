"""``emmetra instruments``: the shop window."""

import json

from deploy.cli import main


def test_the_table_names_models_with_their_grade(capsys):
    assert main(["instruments"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]

    assert rows[0] == ["maker", "model", "grade", "kinds", "links", "family"]
    assert ["NIDEK", "ARK-1a", "verified"] in [row[:3] for row in rows]


def test_programs_get_the_same_as_json(capsys):
    assert main(["instruments", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    ark = next(row for row in rows if row["model"] == "ARK-1a")

    assert ark == {
        "maker": "NIDEK",
        "model": "ARK-1a",
        "grade": "verified",
        "kinds": ["autorefraction", "keratometry"],
        "links": ["serial", "socket", "rfc2217"],
        "family": "nidek_frame",
        "dialect": "nidek_frame",
        "line": "9600 8E1",
    }
