"""``emmetra identify``: who could have said this."""

import pytest

from deploy.cli import main
from tests.protocols.nidek_frame.frames import MANUAL_LM1000P


def test_the_best_dialect_comes_first_with_its_reason(tmp_path, capsys):
    (tmp_path / "a.bin").write_bytes(MANUAL_LM1000P)

    assert main(["identify", str(tmp_path / "a.bin")]) == 0
    assert capsys.readouterr().out.splitlines()[0].split(maxsplit=2) == [
        "100",
        "nidek_frame",
        "a NIDEK frame whose checksum verifies",
    ]


@pytest.mark.parametrize("content", [b"", b"hello"])
def test_a_stranger_is_called_a_stranger(tmp_path, capsys, content):
    (tmp_path / "a.bin").write_bytes(content)

    assert main(["identify", str(tmp_path / "a.bin")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "no instrument we know" in err


def test_a_missing_file_is_told_in_words(tmp_path, capsys):
    assert main(["identify", str(tmp_path / "absent")]) == 1
    assert "No such file" in capsys.readouterr().err
