"""A gateway under its launcher takes releases from the cloud: one that holds, one that does not, and power cuts."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deploy import assets
from deploy.demo.children import Children
from deploy.demo.parts import Parts
from deploy.demo.seeding import GATEWAY
from tests.journeys import seeded
from tests.journeys.boxed import Box, Maker
from tests.journeys.desk import until
from tests.journeys.visitor import Visitor

ENGINEER = "omar@harbour.example"
# The first test pays for a whole cloud and a release, on whatever else the machine does.
pytestmark = pytest.mark.timeout(300)


class Cloud:
    """Database, broker, ingest, worker and pages as processes, and an engineer at the pages."""

    def __init__(self, parts, maker, folder):
        self.parts, self.maker = parts, maker
        for part in (parts.database, parts.seed, parts.broker, parts.ingest, parts.worker, parts.web):
            part()
        told = json.loads((folder / "accounts.json").read_text())
        self.engineer = Visitor(f"http://127.0.0.1:{parts.web_port}")
        self.engineer.sign_in(ENGINEER, told["password"], told["totp_secret"])
        self.engineer.send("/fleet/rings", percents="100")

    def add(self, folder):
        """As an operator does it, from the command line."""
        environment = {**os.environ, "DATABASE_URL": self.parts.url}
        words = [sys.executable, "-m", "deploy", "cloud", "release", "add", str(folder)]
        subprocess.run(words, env=environment, check=True, capture_output=True)

    def roll_out(self, version):
        """Press Start at a release; the address of the roll-out's page."""
        page = self.engineer.get("/fleet/releases")
        row = next(row for row in page.split("<tr") if f">{version}</th>" in row)
        action = row.split('action="', 1)[1].split('"', 1)[0]
        self.engineer.send(action, soak_minutes="1", fail_percent="5", quiet_percent="100")
        listed = self.engineer.get("/fleet/releases")
        return listed.split(f'">{version}</a>')[0].rpartition('href="')[2]


@pytest.fixture(scope="module")
def cloud():
    assets.main()
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        seeded.lay(Path(name))
        maker = Maker(Path(name) / "maker")
        os.environ["EMMETRA_RELEASE_KEYS"] = str(maker.keys)
        try:
            yield Cloud(Parts(children, Path(name)), maker, Path(name))
        finally:
            del os.environ["EMMETRA_RELEASE_KEYS"]


@pytest.fixture(scope="module")
def box(cloud, tmp_path_factory):
    folder = tmp_path_factory.mktemp("box")
    found = Box(folder, cloud.maker, "1.0.0", str(GATEWAY), cloud.parts.broker_port)
    yield found
    found.close()


@pytest.mark.edge(
    "EDGE-203", "A gateway takes a release from the cloud under the real launcher and commits it when healthy."
)
def test_a_release_that_holds_is_committed_and_the_page_says_so(cloud, box):
    until(lambda: box.says() == "emmetra 1.0.0" and box.hears_its_lens())
    cloud.add(cloud.maker.release("2.0.0"))
    page = cloud.roll_out("2.0.0")

    until(lambda: box.says() == "emmetra 2.0.0", 60)
    state = box.state()
    assert (state["active"], state["trial"]) == ("B", None)
    until(lambda: "<dt>Runs</dt><dd>1</dd>" in cloud.engineer.get(page))
    until(lambda: box.state()["untold"] == [])
    until(lambda: "emmetra 2.0.0</span>" in cloud.engineer.get("/fleet/releases"))
    assert box.hears_its_lens()
    cloud.engineer.send(f"{page}/back")
    until(lambda: "Gone back" in cloud.engineer.get(page))


@pytest.mark.edge(
    "EDGE-204", "A release whose driver cannot open goes back by itself; the page names gateway and driver."
)
def test_a_release_whose_driver_cannot_open_returns_and_stops_the_roll_out(cloud, box):
    until(lambda: box.says() and box.hears_its_lens())
    before = box.says()
    cloud.add(cloud.maker.release("3.0.0", broken_driver=True))
    page = cloud.roll_out("3.0.0")

    until(lambda: "3.0.0" in {about["version"] for about in box.state().get("refused", {}).values()}, 90)
    until(lambda: box.says() == before and box.hears_its_lens(), 60)
    until(lambda: "the driver of lens-1 does not open" in cloud.engineer.get(page))
    until(lambda: "Stopped by itself: 1 of 1 went back or refused." in cloud.engineer.get(page))
    assert box.says() == before
    cloud.engineer.send(f"{page}/back")
    until(lambda: "Gone back" in cloud.engineer.get(page))


@pytest.mark.edge(
    "EDGE-205", "Killed in every step of an update, a gateway starts again each time and ends in a release it reports."
)
def test_kills_in_every_step(cloud, box):
    until(lambda: box.says() and box.hears_its_lens())
    cloud.add(cloud.maker.release("4.0.0"))
    cut = list[str]()
    page = cloud.roll_out("4.0.0")
    end = time.monotonic() + 90
    while box.says() != "emmetra 4.0.0":
        assert time.monotonic() < end, (box.state(), cut, box.log()[-2000:])
        at = where(box.state())
        if at != "idle" and at not in cut and at != "trial 3":
            box.kill()
            cut.append(at)
            assert box.state()["active"] in ("A", "B")
        time.sleep(0.002)
    assert "trial 1" in cut
    assert len(cut) >= 3, cut
    until(lambda: box.state()["untold"] == [])
    until(lambda: "<dt>Runs</dt><dd>1</dd>" in cloud.engineer.get(page))
    assert "Traceback" not in box.log().split("this driver was never tried")[-1], box.log()[-9000:]


def where(state):
    """The step that is kept, with the number of the start in a trial."""
    if trial := state.get("trial"):
        return f"trial {trial['starts']}"
    return (state.get("update") or {"step": "idle"})["step"]
