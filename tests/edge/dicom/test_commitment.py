"""Commitment and performed steps, with a device of our own that listens for the report."""

import json
import queue
import socket
import time

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, evt

from edge.blobs.store import Store
from edge.dicom.committing import GIVE_UP_S, RETRIES_S, Committing
from edge.dicom.journal import Journal, Object
from edge.dicom.settings import DeviceSettings, DicomSettings
from tests.edge.dicom.objects import AXIAL, PDF, make
from tests.edge.dicom.peers import Peer, write_config

COMMIT, INSTANCE = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
STEP = "1.2.840.10008.3.1.2.3.3"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Device:
    """A device that takes reports; ``answer`` is its status."""

    def __init__(self, port, answer=0):
        self.port, self.answer = port, answer
        self.reports, self.roles = queue.Queue(), []

    def __enter__(self):
        entity = AE(ae_title="IOLM700")
        entity.add_supported_context(COMMIT, scu_role=True, scp_role=True)
        handlers = [(evt.EVT_N_EVENT_REPORT, self._report), (evt.EVT_ESTABLISHED, self._came)]
        self.server = entity.start_server(("127.0.0.1", self.port), block=False, evt_handlers=handlers)
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def _came(self, event):
        (context,) = event.assoc.accepted_contexts
        self.roles.append((context.as_scu, context.as_scp))

    def _report(self, event):
        self.reports.put((event.event_type, event.event_information, event.assoc.requestor.ae_title))
        return self.answer, None


def ask(peer, *refs, uid=None):
    """N-ACTION; its status and the transaction."""
    entity = AE(ae_title="IOLM700")
    entity.add_requested_context(COMMIT)
    assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
    asked = Dataset()
    asked.TransactionUID = uid or generate_uid()
    asked.ReferencedSOPSequence = []
    for sop_class, instance in refs:
        one = Dataset()
        one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = sop_class, instance
        asked.ReferencedSOPSequence.append(one)
    status, _ = assoc.send_n_action(asked, 1, COMMIT, INSTANCE)
    assoc.release()
    return status.Status, asked.TransactionUID


def refs(sequence):
    return [str(one.ReferencedSOPInstanceUID) for one in sequence]


@pytest.mark.edge(
    "EDGE-317",
    "What a device asks to be committed is answered over a new association, after the bytes were hashed again.",
)
def test_a_commitment_is_reported_object_by_object(tmp_path):
    uids = [make(tmp_path / f"{n}.dcm") for n in range(3)]
    with Device(free_port()) as device, Peer(write_config(tmp_path, report=device.port)) as peer:
        assert peer.call("storescu", "-R", files=sorted(tmp_path.glob("*.dcm")))[1] == 0
        status, uid = ask(peer, *((AXIAL, one) for one in uids))
        assert status == 0
        kind, words, caller = device.reports.get(timeout=20)
        assert (kind, words.TransactionUID, caller) == (1, uid, "GATEWAY")
        assert refs(words.ReferencedSOPSequence) == uids
        assert device.roles == [(True, False)], "the device uses the service although it was called"

        spoiled = peer.spool()[0]
        spoiled.write_bytes(b"other")
        ask(peer, *((AXIAL, one) for one in uids), (AXIAL, "1.2.3"), (PDF, "1.2.4"))
        kind, words, _ = device.reports.get(timeout=20)
        failed = {str(one.ReferencedSOPInstanceUID): one.FailureReason for one in words.FailedSOPSequence}
        assert (kind, sorted(failed.values())) == (2, [0x0110, 0x0112, 0x0112])
        assert len(refs(words.ReferencedSOPSequence)) == 2
        ask(peer, (PDF, uids[0]))
        _, words, _ = device.reports.get(timeout=20)
        assert words.FailedSOPSequence[0].FailureReason == 0x0119


def test_a_request_without_objects_is_refused(tmp_path):
    with Peer(write_config(tmp_path)) as peer:
        assert ask(peer)[0] == 0x0115


@pytest.mark.edge("EDGE-318", "A device that is off hears of its commitment when it is on again; for days.")
def test_a_report_is_tried_again_also_after_a_restart(tmp_path):
    port, soon = free_port(), "import edge.dicom.committing as c\nc.RETRIES_S, c.LOOK_S = (0.2,), 0.2"
    config = write_config(tmp_path, report=port)
    with Peer(config, soon) as peer:
        assert ask(peer, (AXIAL, "1.2.3"))[0] == 0
        peer.kill()
    with Peer(config, soon), Device(port) as device:
        kind, words, _ = device.reports.get(timeout=20)
        assert (kind, refs([])) == (2, [])
        assert words.FailedSOPSequence[0].FailureReason == 0x0112


@pytest.fixture
def committing(tmp_path):
    journal = Journal(tmp_path)
    device = DeviceSettings("d", "D", ("127.0.0.1",), ("127.0.0.1", 1))
    yield Committing(journal, DicomSettings(("127.0.0.1", 0), devices=(device,)), tmp_path), journal
    journal.close()


def state(journal):
    return journal._rows("SELECT state, tries FROM commitment")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pynetdicom: a socket refused
def test_reports_are_spaced_out_and_given_up_after_a_week(committing):
    one, journal = committing
    journal.ask("d", "1.2", [(AXIAL, "1.2.3")])
    (request,) = journal.due(time.time())
    one._report(request)
    assert state(journal) == [("waiting", 1)]
    assert journal.due(time.time()) == []
    (later,) = journal.due(time.time() + RETRIES_S[0] + 1)
    one._report(later._replace(at=time.time() - GIVE_UP_S - 1))
    assert state(journal)[0][0] == "given_up"
    journal.ask("d", "1.2", [(AXIAL, "1.2.3")])
    assert state(journal) == [("waiting", 0)]


def test_a_device_without_an_address_cannot_be_told(committing):
    one, journal = committing
    journal.ask("nobody", "1.2", [(AXIAL, "1.2.3")])
    one._report(journal.due(time.time())[0])
    assert state(journal) == [("given_up", 0)]


def test_what_the_gateway_let_go_is_committed_only_when_the_cloud_has_it(committing, tmp_path):
    one, journal = committing
    path = tmp_path / "x.dcm"
    uid = make(path)
    blobs = Store(tmp_path)
    blob = blobs.keep(path, "application/dicom")
    journal.add(Object(0, uid, blob.sha256, blob.bytes, AXIAL, "1.2", "1.2", "d", 0.0, None, 0))
    assert one._reason(blobs)((AXIAL, uid)) is None
    blobs.remove(blob.sha256)
    assert one._reason(blobs)((AXIAL, uid)) == 0x0110
    blobs.journal.move(blob.sha256, "kept")
    assert one._reason(blobs)((AXIAL, uid)) is None
    blobs.journal.close()


def step(peer, *deeds):
    entity = AE(ae_title="IOLM700")
    entity.add_requested_context(STEP)
    assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
    found = []
    for verb, uid, state in deeds:
        said = Dataset()
        said.PerformedProcedureStepStatus = state
        call = assoc.send_n_create if verb == "create" else assoc.send_n_set
        status, _ = call(said, STEP, uid)
        found.append((status.Status, status.get("ErrorID")))
    assoc.release()
    return found


@pytest.mark.edge("EDGE-319", "A performed step is begun once and ended once, also over a restart.")
def test_performed_steps(tmp_path):
    config, uid = write_config(tmp_path), "1.2.3"
    with Peer(config) as peer:
        assert step(peer, ("create", uid, "IN PROGRESS"), ("create", uid, "IN PROGRESS")) == [(0, None), (0x0111, None)]
        assert step(peer, ("create", "1.2.4", "COMPLETED")) == [(0x0106, None)]
        peer.kill()
    with Peer(config) as peer:
        found = step(
            peer,
            ("set", uid, "IN PROGRESS"),
            ("set", uid, "NONSENSE"),
            ("set", uid, "COMPLETED"),
            ("set", uid, "IN PROGRESS"),
            ("set", "1.9", "COMPLETED"),
        )
    assert found == [(0, None), (0x0106, None), (0, None), (0x0110, 0xA506), (0x0112, None)]


def test_a_performed_step_is_news_with_the_numbers_of_its_orders(tmp_path):
    config = write_config(tmp_path)
    entity = AE(ae_title="IOLM700")
    entity.add_requested_context(STEP)
    with Peer(config) as peer:
        assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
        begun, ended = Dataset(), Dataset()
        begun.PerformedProcedureStepStatus, ended.PerformedProcedureStepStatus = "IN PROGRESS", "DISCONTINUED"
        begun.PatientID, begun.PatientBirthDate = "R-1", "19840327"
        begun.ScheduledStepAttributesSequence = [scheduled("7", "1.2.3"), scheduled("", ""), scheduled("", "1.2.4")]
        ended.PerformedProcedureStepDiscontinuationReasonCodeSequence = [Dataset()]
        ended.PerformedProcedureStepDiscontinuationReasonCodeSequence[0].CodeMeaning = "Patient allergic"
        assert assoc.send_n_create(begun, STEP, "1.2.3")[0].Status == 0
        assert assoc.send_n_set(ended, STEP, "1.2.3")[0].Status == 0
        assoc.release()
        peer.until(lambda said: said.get("arrived") == "biometer")
    journal = Journal(peer.data)
    found = [(one.state, json.loads(one.about)) for one in journal.news()]
    journal.close()
    orders = [{"accession": "7", "study_uid": "1.2.3"}, {"study_uid": "1.2.4"}]
    said = {"uid": "1.2.3", "orders": orders, "patient_id": "R-1", "birth_date": "19840327"}
    assert found == [("IN PROGRESS", said), ("DISCONTINUED", {**said, "why": "Patient allergic"})]


def scheduled(accession, study):
    one = Dataset()
    one.AccessionNumber, one.StudyInstanceUID = accession, study
    return one
