import shutil
import subprocess

import pytest

from deploy import assets


def test_a_second_build_makes_nothing(monkeypatch):
    made = []
    for step in ("_write", "_compile", "_copy_fonts", "_symbol"):
        monkeypatch.setattr(assets, step, lambda *_, step=step: made.append(step))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: made.append("run"))
    assets.main()

    assert made == []


def test_without_npm_on_the_machine_the_wheels_npm_serves(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    said = subprocess.run([*assets.npm(), "--version"], capture_output=True, text=True, check=True)

    assert int(said.stdout.partition(".")[0]) >= 10


@pytest.mark.parametrize(
    "written", ['icon("eye")', "icon('eye')", 'NavItem(a, b, icon="eye")', 'dict(icon="eye")', 'picture="eye"']
)
def test_an_icon_is_found_however_it_is_named(written):
    assert assets.ICON.findall(written) == ["eye"]


def test_an_icon_that_does_not_exist_stops_the_build():
    with pytest.raises(SystemExit, match="no Tabler icon named 'eyye'"):
        assets._symbol("eyye")


def test_the_lock_names_no_download_addresses():
    assert "resolved" not in assets.LOCK.read_text()
    assert "http" not in assets.LOCK.read_text().replace('"url": "https://', "")


def test_vendor_files_ask_for_no_source_maps():
    for name in assets.COPIED.values():
        assert "sourceMappingURL" not in (assets.VENDOR / name).read_text()
