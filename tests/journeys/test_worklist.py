"""From the order on the chart to the instrument and home again: over the broker, without it, and past it."""

import re
import shutil
import subprocess
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE

from deploy.demo.children import free_port
from deploy.demo.store import configure
from edge.worklist import Kept
from tests.edge.dicom.objects import make
from tests.journeys.desk import until

pytestmark = pytest.mark.skipif(shutil.which("findscu") is None, reason="dcmtk is not installed here")
DICOM = """
[dicom]
bind = "127.0.0.1:{port}"
ae_title = "GATEWAY"
[[dicom.device]]
name = "biometer"
ae_title = "IOLM700"
hosts = ["127.0.0.1"]
modalities = ["OAM"]
"""
KEYS = (
    *("-k", "0008,0050", "-k", "0010,0010=*", "-k", "0010,0020", "-k", "0020,000d"),
    *("-k", "0040,0100[0].0008,0060=OAM", "-k", "0040,0100[0].0040,0001=IOLM700"),
)
PATIENT, OTHER = "H-1001", "H-1002"
STEP = "1.2.840.10008.3.1.2.3.3"


class Room:
    """The desk's store with a biometer that speaks DICOM."""

    def __init__(self, desk):
        self.desk, self.port = desk, free_port()
        self._config = configure(desk.parts.folder, desk.parts.broker_port, desk.parts.console_port)
        self._config.write_text(self._config.read_text() + DICOM.format(port=self.port))
        self.start()
        self.olivia = desk.sign_in("olivia@harbour.example")  # once: a code is good for one sign-in

    def start(self):
        """The gateway, until its DICOM program answers."""
        self.desk.parts.children.start("gateway", ["gateway", "run", "--config", str(self._config)])
        until(lambda: self.desk.listening("lensmeter"), 90)
        until(self._echoes, 90)

    def order(self, record, store="pier-street"):
        """Somebody at the desk orders a biometry for now; its accession number and study."""
        page = self.olivia
        page.send("/store", store=store)
        who = f"/patients/{self.desk.patient(record)}/orders"
        day = re.search(r'name="wanted_on"[^>]*value="([^"]*)"', page.get(who)).group(1)
        page.press(page.get(who), who, examination="biometry", laterality="usual", wanted_on=day, wanted_time="")
        said = "SELECT accession, study_uid, id FROM worklist_order ORDER BY id DESC LIMIT 1"
        return self.desk.rows(said)[0]

    def kept(self):
        """The accession numbers that the gateway offers."""
        found = Kept(self.desk.parts.folder / "gateway").items()
        return {one.accession for one in found.items} if found else set()

    def asked(self):
        """What findscu hears from the gateway, of today."""
        today = datetime.now(ZoneInfo("Europe/Lisbon")).strftime("%Y%m%d")
        return self._call("findscu", "-W", *KEYS, "-k", f"0040,0100[0].0040,0002={today}")

    def store(self, path):
        """The biometer sends a file."""
        return self._call("storescu", "-R", files=(path,))

    def perform(self, order, uid, *states, patient=PATIENT):
        """The biometer says of an examination that it begins (by the numbers of an order), and how it ends."""
        entity = AE(ae_title="IOLM700")
        entity.add_requested_context(STEP)
        assoc = entity.associate("127.0.0.1", self.port, ae_title="GATEWAY")
        heard = [self._step(assoc, uid, state, order, patient) for state in states]
        assoc.release()
        return heard

    def _step(self, assoc, uid, state, order, patient):
        said = Dataset()
        said.PerformedProcedureStepStatus = state
        if state != "IN PROGRESS":
            return assoc.send_n_set(said, STEP, uid)[0].Status
        wanted = Dataset()
        wanted.AccessionNumber, wanted.StudyInstanceUID = order.accession, order.study_uid
        said.ScheduledStepAttributesSequence, said.PatientID = [wanted], patient
        return assoc.send_n_create(said, STEP, uid)[0].Status

    def state(self, order):
        return self.desk.rows("SELECT state FROM worklist_order WHERE id = :id", id=order.id)[0].state

    def filed(self, study):
        """Whose the readings of a study became."""
        return self.desk.rows(
            "SELECT DISTINCT f.patient_id, f.how, f.why FROM readings_reading r "
            "JOIN readings_filing f USING (tenant_id, reading_id) WHERE r.body::json #>> '{order,study_uid}' = :study",
            study=study,
        )

    def _echoes(self):
        return self._call("echoscu")[1] == 0

    def _call(self, tool, *options, files=()):
        titles = ("-v", "-aet", "IOLM700", "-aec", "GATEWAY")
        words = [tool, *titles, *options, "127.0.0.1", str(self.port), *map(str, files)]
        done = subprocess.run(words, capture_output=True, timeout=60, check=False)
        return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace"), done.returncode


@pytest.fixture(scope="module")
def room(desk):
    desk.parts.children.end("gateway")
    yield Room(desk)
    desk.parts.children.end("gateway")
    desk.parts.gateway()
    until(lambda: desk.listening("ark", "tonoref", "lensmeter", "rt"))


@pytest.mark.edge(
    "EDGE-410",
    "A device's worklist query shows today's patients of its own store and no other, also while the broker is away.",
)
def test_a_device_sees_todays_patients_of_its_store_offline_too(room):
    mine, theirs = room.order(PATIENT), room.order(OTHER, store="tower-hill")
    until(lambda: mine.accession in room.kept())
    said, code = room.asked()
    assert code == 0
    assert PATIENT in said
    assert mine.study_uid in said
    assert theirs.accession not in said

    room.desk.parts.children.kill("broker")
    try:
        until(lambda: room.desk.status()["broker"]["state"] == "waiting")
        assert mine.accession in room.asked()[0]
        room.desk.parts.children.kill("gateway")
    finally:
        room.desk.parts.broker()
    room.start()
    assert mine.accession in room.asked()[0]


@pytest.mark.edge("EDGE-411", "An examination that was cancelled leaves the worklist of the gateway.")
def test_a_cancelled_examination_leaves_the_list(room):
    one = room.order(PATIENT)
    until(lambda: one.accession in room.kept())
    room.olivia.send(f"/worklist/{one.id}/cancel")
    until(lambda: one.accession not in room.kept())
    assert one.accession not in room.asked()[0]


@pytest.mark.edge(
    "EDGE-414", "A gateway that was off learns what was ordered meanwhile, and the page knows that it did."
)
def test_a_gateway_that_was_off_learns_what_was_ordered_meanwhile(room):
    room.desk.parts.children.end("gateway")
    one = room.order(PATIENT)
    room.start()
    until(lambda: one.accession in room.kept())
    until(lambda: "kept since" in room.olivia.get("/worklist"))
    assert "May be out of date" not in room.olivia.get("/worklist")


@pytest.mark.edge(
    "EDGE-412", "A result that names its order comes home to that order's patient, and the examination leaves the list."
)
def test_a_result_comes_home_by_the_numbers_of_its_order(room, tmp_path):
    one = room.order(PATIENT)
    until(lambda: one.accession in room.kept())
    make(tmp_path / "a.dcm", study=one.study_uid, AccessionNumber=one.accession, PatientID=PATIENT)
    assert room.store(tmp_path / "a.dcm")[1] == 0
    found = until(lambda: room.filed(one.study_uid), 60)
    assert [tuple(row) for row in found] == [(room.desk.patient(PATIENT), "order", None)]
    assert room.state(one) == "done"
    until(lambda: one.accession not in room.kept())


@pytest.mark.edge(
    "EDGE-413", "A result with an accession number nobody gave out waits in the tray, whatever name it bears."
)
def test_a_result_of_an_unknown_order_waits_in_the_tray(room, tmp_path):
    study = "1.2.276.0.75.2.5.42"
    make(tmp_path / "a.dcm", study=study, AccessionNumber="424242", PatientID=PATIENT)
    assert room.store(tmp_path / "a.dcm")[1] == 0
    found = until(lambda: room.filed(study), 60)
    assert [tuple(row) for row in found] == [(None, "order", "order_not_known")]
    assert "Order not known" in room.desk.sign_in("alice@harbour.example").get("/tray")


@pytest.mark.edge(
    "EDGE-460",
    "An examination that a device says it began, broke off or ended is so on the page of tests ordered; what it said "
    "while the line was down arrives later.",
)
def test_an_examination_is_followed_from_its_device_offline_too(room):
    one = room.order(PATIENT)
    until(lambda: one.accession in room.kept())
    first, second = generate_uid(), generate_uid()
    assert room.perform(one, first, "IN PROGRESS") == [0]
    until(lambda: room.state(one) == "started")
    page = f"/worklist/{one.id}"
    assert "Started" in room.olivia.get(page)
    assert room.perform(one, first, "DISCONTINUED") == [0]
    until(lambda: room.state(one) == "discontinued")
    assert one.accession in room.asked()[0]

    room.desk.parts.children.kill("broker")
    try:
        until(lambda: room.desk.status()["broker"]["state"] == "waiting")
        assert room.perform(one, second, "IN PROGRESS", "COMPLETED") == [0, 0]
        room.desk.parts.children.kill("gateway")
    finally:
        room.desk.parts.broker()
    room.start()
    until(lambda: room.state(one) == "performed", 60)
    assert "Performed" in room.olivia.get(page)
    until(lambda: one.accession not in room.kept())
    said = "SELECT deed FROM worklist_change WHERE order_id = :id ORDER BY id"
    deeds = [row.deed for row in room.desk.rows(said, id=one.id)]
    assert deeds == ["ordered", "started", "discontinued", "started", "performed"]


@pytest.mark.edge("EDGE-463", "A device that names a stranger's numbers or another patient moves no order.")
def test_a_strangers_step_moves_no_order(room):
    one, theirs = room.order(PATIENT), room.order(OTHER, store="tower-hill")
    until(lambda: one.accession in room.kept())
    assert room.perform(theirs, generate_uid(), "IN PROGRESS", patient=OTHER) == [0]
    assert room.perform(one, generate_uid(), "IN PROGRESS", patient=OTHER) == [0]
    assert room.perform(one, generate_uid(), "IN PROGRESS", "COMPLETED") == [0, 0]
    until(lambda: room.state(one) == "performed")
    assert room.state(theirs) == "wanted"
    uids = room.desk.rows("SELECT count(DISTINCT uid) AS steps FROM worklist_step WHERE order_id = :id", id=one.id)
    assert uids[0].steps == 1
