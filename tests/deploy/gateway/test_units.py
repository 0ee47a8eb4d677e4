"""The units, as systemd reads them, and what they allow."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from edge.updates import launcher

HERE = Path(__file__).parents[3] / "deploy" / "gateway"
UNITS = sorted(path.name for path in HERE.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(HERE / name)
    return parser


@pytest.mark.peer
@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_the_unit(name, tmp_path):
    shown = name.replace("@", "@sda1")
    shutil.copyfile(HERE / name, tmp_path / shown)
    done = subprocess.run([ANALYZE, "verify", tmp_path / shown], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if shown in line or str(tmp_path) in line]
    assert ours == []


@pytest.mark.edge(
    "EDGE-201", "The gateway runs as its own user, sees instruments and nothing else, and may write its slots alone."
)
def test_the_gateway_may_little():
    service = unit("emmetra-gateway.service")["Service"]
    assert service["User"] == "emmetra"
    closed = {
        **{"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes"},
        **{"DevicePolicy": "closed", "CapabilityBoundingSet": "", "StateDirectory": "emmetra"},
        "ReadWritePaths": "/opt/emmetra/slots",
    }
    assert {key: service[key] for key in closed} == closed


def test_a_trial_may_feed_the_watchdog_and_whatever_ends_is_started_again():
    service = unit("emmetra-gateway.service")["Service"]
    assert (service["Type"], service["NotifyAccess"], service["Restart"]) == ("notify", "all", "always")
    assert int(service["WatchdogSec"]) == 60
    assert unit("emmetra-gateway.service")["Unit"]["StartLimitIntervalSec"] == "0"
    assert launcher.STARTS * (int(service["WatchdogSec"]) + int(service["RestartSec"])) < launcher.DEADLINE_S


def test_rules_make_no_names_and_open_nothing_to_everyone():
    rules = [line for line in (HERE / "70-emmetra.rules").read_text().splitlines() if line and line[0] != "#"]
    assert rules
    for rule in rules:
        assert re.fullmatch(r'([A-Z_]+(\{[^}]+\})?(==|=|\+=)"[^"]*"(, |$))+', rule), rule
        assert "SYMLINK" not in rule
        assert 'MODE="0666"' not in rule


def test_launcher_and_keys_belong_to_root():
    owned = {
        line.split()[1]: line.split()[3]
        for line in (HERE / "emmetra.tmpfiles").read_text().splitlines()
        if line[:2] == "d "
    }
    assert (owned["/opt/emmetra"], owned["/opt/emmetra/keys"]) == ("root", "root")
    assert owned["/opt/emmetra/slots"] == "emmetra"


def test_the_recipe_is_a_script_that_names_files_that_are_there():
    recipe = (HERE / "image.sh").read_text()
    assert subprocess.run(["bash", "-n", HERE / "image.sh"], check=False).returncode == 0
    named = re.findall(r'"\$here/([^"]+)"', recipe)
    assert [name for name in named if not (HERE / name).is_file()] == []
    assert len(named) == 7
