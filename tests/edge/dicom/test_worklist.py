"""Worklist queries with dcmtk's findscu, and what it cannot do with a peer of our own."""

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE

from edge.worklist import Kept
from protocols.envelope.worklist import Item, Worklist
from tests.edge.dicom.peers import Peer, write_config

FIND = "1.2.840.10008.5.1.4.31"
NEVER = "2999-01-01T01:15:00Z"


def item(number, **changes):
    said = {
        "accession": f"A-{number}",
        "step_id": f"S-{number}",
        "procedure_id": f"P-{number}",
        "study_uid": f"1.2.3.{number}",
        "patient_id": f"PID-{number}",
        "family": "张",
        "given": "伟",
        "latin": "Zhang^Wei",
        "at": NEVER,
        "modality": "OAM",
        "description": "Biometry",
    }
    return Item(**said | changes)


def keep(data, *items, version=1):
    Kept(data).keep(Worklist(version=version, zone="Asia/Shanghai", made_at="2026-11-22T00:00:00Z", items=list(items)))


@pytest.fixture
def peer(tmp_path):
    with Peer(write_config(tmp_path)) as peer:
        yield peer


def find(peer, ae="IOLM700", stop_after=None, **keys):
    """Statuses and answers."""
    entity = AE(ae_title=ae)
    entity.add_requested_context(FIND)
    assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
    asked, step = Dataset(), Dataset()
    step.ScheduledStationAETitle = keys.pop("station", "")
    asked.ScheduledProcedureStepSequence = [step]
    for name, value in keys.items():
        setattr(asked, name, value)
    found = []
    for status, one in assoc.send_c_find(asked, FIND, msg_id=7):
        found.append((status.Status, one))
        if len(found) == stop_after:
            assoc.send_c_cancel(7, query_model=FIND)
    assoc.release()
    return found


@pytest.mark.edge("EDGE-314", "A device's worklist query shows the store's items, from the gateway's own disk.")
def test_findscu_sees_todays_patients_and_the_list_is_read_anew(peer):
    keys = ("-k", "0010,0010=*", "-k", "0010,0020", "-k", "0040,0100[0].0008,0060=OAM")
    said, code = peer.call("findscu", "-W", *keys, "-k", "0040,0100[0].0040,0001=IOLM700")
    assert (code, "PID-1" in said) == (0, False)
    keep(peer.data, item(1), item(2, modality="OP"))
    said, code = peer.call("findscu", "-W", *keys, "-k", "0040,0100[0].0040,0001=IOLM700")
    assert code == 0
    assert "PID-1" in said and "PID-2" not in said
    assert "1.2.3.1" in said and "Zhang^Wei=张^伟" in said
    keep(peer.data, version=2)
    assert "PID-1" not in peer.call("findscu", "-W", *keys)[0]


def test_a_wildcard_a_range_and_a_room_are_understood(peer):
    keep(peer.data, item(1), item(2, family="Li", given="", latin=""))
    assert [one.PatientID for _, one in find(peer, PatientName="ZHANG*")[:-1]] == ["PID-1"]
    assert [one.PatientID for _, one in find(peer, station="ROOM2")[:-1]] == ["PID-1", "PID-2"]


@pytest.mark.edge("EDGE-315", "A device that can show no Chinese gets the name in Latin letters, never question marks.")
def test_a_device_hears_names_in_its_own_set(peer):
    keep(peer.data, item(1))
    ((_, one), _) = find(peer, ae="CAMERA", PatientName="")
    assert (one.SpecificCharacterSet, str(one.PatientName)) == ("ISO_IR 100", "Zhang^Wei")


SLOW = """
import time
from edge.dicom import asking
swift = asking.answers
def answers(*asked):
    for one in swift(*asked):
        time.sleep(0.05)
        yield one
asking.answers = answers
"""


@pytest.mark.edge("EDGE-316", "A cancelled query ends with FE00.")
def test_a_cancel_ends_the_answers(tmp_path):
    with Peer(write_config(tmp_path), SLOW) as peer:
        keep(peer.data, *(item(n) for n in range(1, 60)))
        statuses = [status for status, _ in find(peer, stop_after=2)]
        assert statuses[-1] == 0xFE00
        assert 2 <= len(statuses) < 40


def test_a_worklist_that_cannot_be_read_is_our_trouble(tmp_path):
    with Peer(write_config(tmp_path), "import edge.worklist.keeping as k\ndel k.Kept.items") as peer:
        keep(peer.data, item(1))
        assert [status for status, _ in find(peer)] == [0xA700]


def test_a_damaged_file_is_an_empty_list(peer):
    (peer.data / "worklist.json").write_text("{")
    assert [status for status, _ in find(peer)] == [0]


def test_a_device_that_proposes_everything_gets_what_is_served(peer):
    """IOLMaster 700 proposes all its contexts in every association."""
    entity = AE(ae_title="IOLM700")
    served = ["1.2.840.10008.1.1", FIND, "1.2.840.10008.1.20.1", "1.2.840.10008.5.1.4.1.1.77.1.5.1"]
    for uid in [*served, "1.2.840.10008.5.1.4.1.2.1.1", "1.2.840.10008.5.1.4.1.2.2.1"]:
        entity.add_requested_context(uid)
    assoc = entity.associate("127.0.0.1", peer.port, ae_title="GATEWAY")
    assert {str(one.abstract_syntax) for one in assoc.accepted_contexts} == set(served)
    assoc.release()
